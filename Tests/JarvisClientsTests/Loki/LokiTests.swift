// SPDX-License-Identifier: Apache-2.0
import Foundation
import JarvisCore
import Testing

@testable import JarvisClients

/// Against a stand-in, and against the Loki that `JARVIS_TEST_LOKI_URL` names, if there is one.
@Suite(.timeLimit(.minutes(2)))
struct LokiTests {
    enum Server: String, Sendable, CaseIterable { case standIn, real }

    static let realURL = ProcessInfo.processInfo.environment["JARVIS_TEST_LOKI_URL"]
    static let servers: [Server] = realURL == nil ? [.standIn] : [.standIn, .real]

    /// Lends a client and the value of a label that only this test's lines have.
    private func withLoki(
        _ server: Server,
        _ body: (LokiClient, String, (String, [(Int64, String)]) async throws -> Void) async throws -> Void
    ) async throws {
        let standIn = server == .standIn ? try StandInLoki() : nil
        defer { standIn?.stop() }
        let url = try #require(standIn?.url ?? Self.realURL)
        let run = "run\(UUID().uuidString.prefix(8))"
        try await withTransport { transport in
            let client = LokiClient(ServiceEndpoint(transport: transport, baseURL: url), redactor: Redactor())
            try await body(client, run) { container, lines in
                let values = lines.map { [String($0.0), $0.1] }
                let streams: [String: Any] = ["stream": ["container": container, "run": run], "values": values]
                let body = try JSONSerialization.data(withJSONObject: ["streams": [streams]])
                let response = try await transport.send(
                    OutboundRequest(
                        method: .post, url: "\(url)/loki/api/v1/push",
                        headers: [OutboundHeader("Content-Type", "application/json")], body: Array(body)))
                #expect(response.status == 204, "\(String(decoding: response.body, as: UTF8.self))")
            }
        }
    }

    private let now = Date()
    private func at(_ seconds: Double) -> Int64 { Int64((now.timeIntervalSince1970 + seconds) * 1e6) * 1000 }

    private func query(
        _ run: String, _ filters: [LogQuery.Filter] = [], container: String? = nil, limit: Int = 100,
        order: LogQuery.Order = .newestFirst, over length: Duration = .seconds(600)
    ) throws -> LogQuery {
        let conditions = [("run", run), ("container", container)].compactMap { label, value in
            value.flatMap { LogQuery.Condition(label, .equals($0)) }
        }
        return try #require(
            LogQuery(conditions, filters, over: length, until: now.addingTimeInterval(1), limit: limit, order: order))
    }

    /// A real one has a line a little later than it took it.
    private func lines(
        _ client: LokiClient, _ query: LogQuery, atLeast count: Int
    ) async throws -> LogExcerpt {
        try await eventually("the lines are there") { try await client.lines(query).lines.count >= count }
        return try await client.lines(query)
    }

    @Test(arguments: servers)
    func `lines of several streams come in one order, and what was cut off is said`(server: Server) async throws {
        try await withLoki(server) { client, run, push in
            try await push("web", [(at(-30), "one"), (at(-10), "three")])
            try await push("db", [(at(-20), "two"), (at(-5), "four")])
            let newest = try await lines(client, try query(run), atLeast: 4)
            #expect(newest.lines.map(\.text.verbatim) == ["four", "three", "two", "one"])
            #expect(!newest.isTruncated)
            #expect(newest.lines.map(\.nanoseconds) == [at(-5), at(-10), at(-20), at(-30)])
            #expect(newest.lines[0].labels["container"]?.verbatim == "db")
            let oldest = try await client.lines(try query(run, limit: 3, order: .oldestFirst))
            #expect(oldest.lines.map(\.text.verbatim) == ["one", "two", "three"])
            #expect(oldest.isTruncated)
        }
    }

    @Test(arguments: servers)
    func `a container's errors are found by words, in any case`(server: Server) async throws {
        try await withLoki(server) { client, run, push in
            try await push("web", [(at(-3), "GET / 200"), (at(-2), "ERROR: no such table"), (at(-1), "kernel Panic")])
            try await push("db", [(at(-1), "an error of another")])
            let errors = try query(run, [.containsAnyWord(LogQuery.errorWords)], container: "web")
            let found = try await lines(client, errors, atLeast: 2)
            #expect(found.lines.map(\.text.verbatim) == ["kernel Panic", "ERROR: no such table"])
        }
    }

    @Test(arguments: servers)
    func `texts and names are never syntax`(server: Server) async throws {
        try await withLoki(server) { client, run, push in
            let odd = #"say "hi" } |~ `x` \d+ 100% | or {a="b"}"#
            let name = #"we"b\}"#
            try await push(name, [(at(-2), odd), (at(-1), "nothing")])
            let found = try await lines(client, try query(run, [.contains(odd)], container: name), atLeast: 1)
            #expect(found.lines.map(\.text.verbatim) == [odd])
            let expression = try await client.lines(try query(run, [.matches(#"hi" \} \|~ .x. \\d\+ 1\d0%"#)]))
            #expect(expression.lines.map(\.text.verbatim) == [odd])
            #expect(try await client.lines(try query(run, [.contains("\" or \"")])).lines.isEmpty)
        }
    }

    @Test(arguments: servers)
    func `a refusal is told in Loki's own words`(server: Server) async throws {
        try await withLoki(server) { client, run, _ in
            func refusal(_ query: LogQuery) async -> String? {
                do throws(LogSourceError) {
                    _ = try await client.lines(query)
                    return nil
                } catch {
                    guard case .refused = error else { return "not refused: \(error)" }
                    return error.description
                }
            }
            let broken = try #require(await refusal(try query(run, [.matches("(")])))
            #expect(broken.contains("missing closing )"))
            let long = try #require(await refusal(try query(run, over: .seconds(77_760_000))))
            #expect(long.contains("time range exceeds the limit"))
        }
    }

    @Test func `a line shows no secret, and a key in several lines shows nothing of itself`() async throws {
        try await withLoki(.standIn) { client, run, push in
            let key = [
                "-----BEGIN OPENSSH PRIVATE KEY-----", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB",
                "QyNTUxOQAAACDz0RkL1bM2pQe8vTnXw5uY7cJ4hZ9sKfA6dGiOBg", "-----END OPENSSH PRIVATE KEY-----",
            ]
            try await push(
                "web",
                [(at(-9), "starting"), (at(-8), "DB_PASSWORD=Tr0ub4dor-and-3")]
                    + key.enumerated().map {
                        (at(Double($0.offset) - 7), $0.element)
                    } + [(at(-1), "ready")])
            let found = try await client.lines(try query(run, order: .oldestFirst)).lines.map(\.text.verbatim)
            #expect(found.count == 7)
            #expect(found.first == "starting")
            #expect(found.last == "ready")
            #expect(found[1].hasPrefix("DB_PASSWORD="))
            let all = found.joined(separator: "\n")
            #expect(!all.contains("Tr0ub4dor"))
            #expect(!all.contains("b3BlbnNzaC1rZXk"))
            #expect(!all.contains("QyNTUxOQAAACDz0RkL1bM2pQe8vTnXw5uY7cJ4hZ9s"))
        }
    }
}
