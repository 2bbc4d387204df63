// SPDX-License-Identifier: Apache-2.0
import Foundation
import JarvisTestSupport
import Testing

@testable import JarvisClients

/// The rewritten expressions against a real Prometheus: what they give is what filtering the full result gives.
@Suite(.enabled(if: SeededPrometheus.isInstalled), .serialized, .timeLimit(.minutes(10)))
struct NarrowingProofTests {
    private typealias Row = [String: String]

    /// What became of an expression, for the labels of its first row.
    private enum Fate: String {
        case narrowed
        /// Some labels are left to a filter.
        case partly
        /// Nothing is gained: every label is left, or the text was not understood.
        case filtered
        /// The server refuses the expression itself.
        case notHere = "not-here"
    }

    private struct Tally {
        var fates: [Fate: Int] = [:]
        var compared = 0
        var refused = 0
        var rows = 0
        var withoutRows = 0
    }

    @Test func `narrowed alert expressions give what filtering gives`() async throws {
        let items = try Fixture.lines("alert_expressions.tsv").map { $0.split(separator: "\t").map(String.init) }
        #expect(items.filter { $0[1] == "seed" }.count == 16)
        #expect(items.count >= 216)
        try await withSeeded { client in
            var tally = Tally()
            for item in items {
                try #require(item.count == 3, "\(item)")
                let expression = item[2].replacing("\\n", with: "\n")
                let fate = try await check(expression, client, &tally)
                #expect(fate.rawValue == item[0], "\(expression)")
                tally.fates[fate, default: 0] += 1
            }
            print(
                "narrowing: expressions=\(items.count) narrowed=\(tally.fates[.narrowed] ?? 0) "
                    + "partly=\(tally.fates[.partly] ?? 0) filtered=\(tally.fates[.filtered] ?? 0) not_here=\(tally.fates[.notHere] ?? 0) "
                    + "comparisons=\(tally.compared) rows=\(tally.rows) refused=\(tally.refused) "
                    + "without_rows=\(tally.withoutRows)")
        }
    }

    @Test func `made-up expressions are narrowed rightly, and mutilated ones parse both or neither`() async throws {
        let count = ProcessInfo.processInfo.environment["JARVIS_TEST_NARROWING"].flatMap { Int($0) } ?? 200
        let seed = ProcessInfo.processInfo.environment["JARVIS_TEST_SEED"].flatMap { UInt64($0) } ?? 1
        var source = PromQLSource(seed: seed)
        try await withSeeded { client in
            var tally = Tally()
            var mutilated = 0
            for _ in 0..<count {
                let expression = source.vector(depth: 3)
                tally.fates[try await check(expression, client, &tally), default: 0] += 1
                let broken = source.mutilated(expression)
                guard let narrowed = try? PromQLNarrowing(broken, to: ["instance": "a:9100", "job": "node"])
                else { continue }
                mutilated += 1
                let both = (try await parses(broken, client), try await parses(narrowed.expression, client))
                #expect(both.0 == both.1, "seed \(seed): \(broken)\n\(narrowed.expression)")
            }
            print(
                "narrowing fuzz: seed=\(seed) expressions=\(count) narrowed=\(tally.fates[.narrowed] ?? 0) "
                    + "partly=\(tally.fates[.partly] ?? 0) filtered=\(tally.fates[.filtered] ?? 0) not_here=\(tally.fates[.notHere] ?? 0) "
                    + "comparisons=\(tally.compared) rows=\(tally.rows) mutilated_parsed=\(mutilated)")
            #expect(tally.compared > count)
        }
    }

    private func withSeeded(_ body: (PrometheusClient) async throws -> Void) async throws {
        let server = try SeededPrometheus()
        defer { server.kill() }
        try await withTransport { transport in
            let client = PrometheusClient(ServiceEndpoint(transport: transport, baseURL: server.url))
            try await eventually("Prometheus answers", within: .seconds(30)) {
                (try? await client.query("up").samples) != nil
            }
            try await body(client)
        }
    }

    /// Whether the server understands an expression, whatever comes of computing it.
    private func parses(_ expression: String, _ client: PrometheusClient) async throws -> Bool {
        do throws(PrometheusError) {
            _ = try await client.query(expression, at: SeededPrometheus.now)
            return true
        } catch {
            switch error {
            case .badData: return false
            case .execution, .decode: return true
            default: throw error
            }
        }
    }

    private func check(_ expression: String, _ client: PrometheusClient, _ tally: inout Tally) async throws -> Fate {
        let full: [PrometheusSample]
        do throws(PrometheusError) {
            full = try await client.query(expression, at: SeededPrometheus.now).samples
        } catch {
            switch error {
            case .badData: return .notHere
            // Two rows on the one side of a join, a string or a range: there is nothing to compare with.
            case .execution, .decode: return try await parsesNarrowed(expression, client)
            default: throw error
            }
        }
        if full.isEmpty { tally.withoutRows += 1 }
        for labels in scopes(full) {
            guard let narrowed = try? PromQLNarrowing(expression, to: labels) else {
                tally.refused += 1
                continue
            }
            let taken = labels.filter { narrowed.left[$0.key] == nil }
            let found = try await client.query(narrowed.expression, at: SeededPrometheus.now).samples
            let expected = full.filter { sample in
                taken.allSatisfy { sample.labels[$0] == nil || sample.labels[$0] == $1 }
            }
            tally.compared += 1
            tally.rows += expected.count
            if !isEqual(found, expected), try await isUnsteady(expression, full, client) { continue }
            #expect(isEqual(found, expected), "\(expression)\n\(labels)\n\(narrowed)\n\(found)\n\(expected)")
        }
        return fate(expression, full)
    }

    /// Whether the expression itself has another result each time: `topk` of equal values inside a subquery, for example.
    private func isUnsteady(
        _ expression: String, _ full: [PrometheusSample], _ client: PrometheusClient
    ) async throws -> Bool {
        guard expression.contains("topk") || expression.contains("bottomk") else { return false }
        for _ in 0..<10 {
            let again = try await client.query(expression, at: SeededPrometheus.now).samples
            if !isEqual(again, full) { return true }
        }
        return false
    }

    private func parsesNarrowed(_ expression: String, _ client: PrometheusClient) async throws -> Fate {
        let labels = ["instance": "a:9100", "job": "node"]
        guard let narrowed = try? PromQLNarrowing(expression, to: labels) else { return .filtered }
        #expect(try await parses(narrowed.expression, client), "\(expression)\n\(narrowed)")
        return fate(narrowed, labels)
    }

    private func fate(_ expression: String, _ full: [PrometheusSample]) -> Fate {
        let labels = full.first.map { named($0.labels) } ?? ["instance": "a:9100", "job": "node"]
        return (try? PromQLNarrowing(expression, to: labels)).map { fate($0, labels) } ?? .filtered
    }

    private func fate(_ narrowed: PromQLNarrowing, _ labels: Row) -> Fate {
        narrowed.left.isEmpty ? .narrowed : narrowed.left.count < labels.count ? .partly : .filtered
    }

    /// The labels of some rows, each alone too, one that no series has, and some that rows of others have.
    private func scopes(_ rows: [PrometheusSample]) -> [Row] {
        let some = [rows.first, rows.dropFirst(rows.count / 2).first, rows.last].compactMap {
            $0.map { named($0.labels) }
        }
        let singles = some.prefix(2).flatMap { row in row.map { [$0.key: $0.value] } }
        let others: [Row] = [
            ["team": "x"], ["instance": "gone:1"], ["instance": "a:9100"], ["job": "node"], ["name": "web"],
            ["device": "eth0", "le": "0.1"], ["mode": "idle"], ["instance": ""],
        ]
        return Array(Set(some + singles + some.map { $0.merging(["team": "x"]) { $1 } } + others))
    }

    private func named(_ labels: Row) -> Row { labels.filter { $0.key != "__name__" } }

    private func isEqual(_ left: [PrometheusSample], _ right: [PrometheusSample]) -> Bool {
        guard left.count == right.count else { return false }
        let order = { (sample: PrometheusSample) in "\(sample.labels.sorted { $0.key < $1.key })" }
        return zip(left.sorted { order($0) < order($1) }, right.sorted { order($0) < order($1) }).allSatisfy {
            one, other in
            guard one.labels == other.labels, let a = one.value, let b = other.value else {
                return one.labels == other.labels && one.value == other.value
            }
            return a == b || (a.isNaN && b.isNaN) || (a - b).magnitude <= 1e-9 * max(a.magnitude, b.magnitude)
        }
    }
}
