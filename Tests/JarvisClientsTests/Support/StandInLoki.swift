// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

@testable import JarvisClients

/// A stand-in for Loki 3 on loopback: what it stores, finds, refuses and how, as the real one was seen to.
///
/// It reads only the queries that are made here. `LokiTests` run against a real one besides, where
/// `JARVIS_TEST_LOKI_URL` names it.
final class StandInLoki: Sendable {
    struct Entry: Sendable {
        let labels: [String: String]
        let nanoseconds: Int64
        let line: String
    }

    private let entries = Mutex<[Entry]>([])
    private let server: HostileServer

    init() throws {
        let owner = Mutex<StandInLoki?>(nil)
        server = try HostileServer.answering { request, connection in
            guard let loki = owner.withLock({ $0 }) else { return connection.hangUp() }
            loki.answer(request, connection)
        }
        owner.withLock { $0 = self }
    }

    var url: String { server.url }
    var requests: [ArrivedRequest] { server.requests }

    func stop() { server.stop() }

    private func answer(_ request: ArrivedRequest, _ connection: ServerConnection) {
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        switch parts.first {
        case "/loki/api/v1/push": push(request.body, connection)
        case "/loki/api/v1/query_range": query(parts.count > 1 ? parts[1] : "", connection)
        default: Self.refuse("404 Not Found", "404 page not found", connection)
        }
    }

    private static func refuse(_ status: String, _ words: String, _ connection: ServerConnection) {
        connection.respond(status, headers: "Content-Type: text/plain; charset=utf-8\r\n", body: words + "\n")
    }

    private struct Push: Decodable {
        struct Stream: Decodable {
            let stream: [String: String]
            let values: [[String]]
        }
        let streams: [Stream]
    }

    private func push(_ body: String, _ connection: ServerConnection) {
        guard let push = try? JSONDecoder().decode(Push.self, from: Data(body.utf8)) else {
            return Self.refuse("400 Bad Request", "invalid push", connection)
        }
        for stream in push.streams {
            // From version 3 on every stream gets this label, and a level that was found in the line.
            var labels = stream.stream
            labels["service_name"] =
                ["service_name", "service", "app", "container", "job"].lazy
                .compactMap { stream.stream[$0] }.first ?? "unknown_service"
            for value in stream.values {
                var found = labels
                found["detected_level"] = value[1].lowercased().contains("error") ? "error" : "unknown"
                let entry = Entry(labels: found, nanoseconds: Int64(value[0]) ?? 0, line: value[1])
                entries.withLock { $0.append(entry) }
            }
        }
        connection.send("HTTP/1.1 204 No Content\r\n\r\n")
    }

    private func query(_ text: String, _ connection: ServerConnection) {
        var fields: [String: String] = [:]
        for field in text.split(separator: "&") {
            let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            fields[sides[0]] = sides[1].removingPercentEncoding
        }
        let limit = fields["limit"].flatMap { Int($0) } ?? 100
        guard let start = fields["start"].flatMap({ Int64($0) }), let end = fields["end"].flatMap({ Int64($0) }),
            start < end
        else {
            return Self.refuse("400 Bad Request", "end timestamp must not be before or equal to start time", connection)
        }
        guard limit <= 5000 else {
            return Self.refuse(
                "400 Bad Request",
                "max entries limit per query exceeded, limit > max_entries_limit_per_query (\(limit) > 5000)",
                connection)
        }
        guard (end - start) <= 2_595_600_000_000_000 else {
            return Self.refuse(
                "400 Bad Request",
                "the query time range exceeds the limit (query length: \((end - start) / 3_600_000_000_000)h0m0s, "
                    + "limit: 30d1h)", connection)
        }
        let selection: LogQLReading
        do {
            selection = try LogQLReading(fields["query"] ?? "")
        } catch {
            return Self.refuse("400 Bad Request", "\(error)", connection)
        }
        let inTime = entries.withLock { $0 }.filter { $0.nanoseconds >= start && $0.nanoseconds < end }
        let backward = fields["direction"] != "forward"
        let found = inTime.filter { selection.selects($0.labels, $0.line) }
            .sorted { backward ? $0.nanoseconds > $1.nanoseconds : $0.nanoseconds < $1.nanoseconds }.prefix(limit)
        let streams = Dictionary(grouping: found, by: \.labels).map { labels, entries -> [String: Any] in
            ["stream": labels, "values": entries.map { [String($0.nanoseconds), $0.line] }]
        }
        let answer: [String: Any] = [
            "status": "success",
            "data": [
                "resultType": "streams", "result": streams, "stats": ["summary": ["totalEntriesReturned": found.count]],
            ],
        ]
        let body =
            (try? JSONSerialization.data(withJSONObject: answer)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        connection.respond(headers: "Content-Type: application/json; charset=UTF-8\r\n", body: body)
    }
}

/// The part of LogQL that is made here: a selector and filters of lines, strings as Go writes them.
struct LogQLReading {
    struct Refusal: Error, CustomStringConvertible { let description: String }

    private var conditions: [(label: String, sign: String, value: String)] = []
    private var filters: [(sign: String, value: String)] = []

    init(_ text: String) throws {
        var rest = Substring(text)
        func take(_ sign: String) -> Bool {
            rest = rest.drop { $0 == " " }
            guard rest.hasPrefix(sign) else { return false }
            rest = rest.dropFirst(sign.count)
            return true
        }
        func string() throws -> String {
            guard rest.first == "\"" else {
                throw Refusal(description: "parse error : syntax error: unexpected \(rest.prefix(5))")
            }
            let words = PromQLLexer.words(of: String(rest)).flatMap { $0.first }
            // The lexer may stop at what is LogQL only; then as much as a string takes is given to it.
            let whole = words ?? Self.firstString(rest)
            guard let whole, case .string(let value) = whole.token else {
                throw Refusal(description: "parse error : literal not terminated")
            }
            rest = Substring(String(decoding: Array(rest.utf8).dropFirst(whole.range.upperBound), as: UTF8.self))
            return value
        }
        guard take("{") else {
            throw Refusal(description: "parse error at line 1, col 1: syntax error: unexpected IDENTIFIER")
        }
        while !take("}") {
            let label = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest.dropFirst(label.count)
            guard let sign = ["=~", "="].first(where: take) else {
                throw Refusal(
                    description: "parse error at line 1, col 17: syntax error: unexpected $end, expecting } or ,")
            }
            conditions.append((String(label), sign, try string()))
            _ = take(",")
        }
        guard conditions.contains(where: { $0.value != "" && $0.value != ".*" }) else {
            throw Refusal(
                description:
                    "parse error : queries require at least one regexp or equality matcher that does not have an "
                    + "empty-compatible value")
        }
        while let sign = ["|=", "|~"].first(where: take) {
            rest = rest.drop { $0 == " " }
            let value = try string()
            if sign == "|~", (try? NSRegularExpression(pattern: value)) == nil {
                throw Refusal(
                    description:
                        "parse error : stage '|~ \"\(value)\"' : error parsing regexp: missing closing ): `\(value)`")
            }
            filters.append((sign, value))
        }
        guard rest.isEmpty else {
            throw Refusal(description: "parse error : syntax error: unexpected \(rest.prefix(10))")
        }
    }

    private static func firstString(_ text: Substring) -> PromQLLexer.Word? {
        for end in text.indices.dropFirst() where text[end] == "\"" {
            if let words = PromQLLexer.words(of: String(text[...end])), words.count == 1 { return words[0] }
        }
        return nil
    }

    func selects(_ labels: [String: String], _ line: String) -> Bool {
        conditions.allSatisfy { condition in
            let value = labels[condition.label] ?? ""
            return condition.sign == "=" ? value == condition.value : !value.isEmpty
        }
            && filters.allSatisfy { filter in
                filter.sign == "|="
                    ? line.contains(filter.value)
                    : line.range(of: filter.value, options: .regularExpression) != nil
            }
    }
}
