// SPDX-License-Identifier: Apache-2.0
import Foundation
import JarvisCore
import Testing

@testable import JarvisClients

/// What is sent, and answers as Loki never should give them.
@Suite(.timeLimit(.minutes(1)))
struct LokiAnswerTests {
    private func query(_ filters: [LogQuery.Filter] = [], limit: Int = 100) throws -> LogQuery {
        let condition = try #require(LogQuery.Condition("job", .equals("a\"b")))
        return try #require(
            LogQuery(
                [condition], filters, over: .seconds(60), until: Date(timeIntervalSince1970: 1_790_000_060.25),
                limit: limit))
    }

    private func failure(
        _ status: String, _ type: String, _ body: String, limit: Int = 1 << 20
    ) async throws -> LogSourceError? {
        try await withAnsweringServer({ $1.respond(status, headers: "Content-Type: \(type)\r\n", body: body) }) {
            server in
            try await withTransport { transport in
                let endpoint = ServiceEndpoint(transport: transport, baseURL: server.url, maximumResponseBytes: limit)
                let query = try query()
                do throws(LogSourceError) {
                    _ = try await LokiClient(endpoint, redactor: Redactor()).lines(query)
                    return nil
                } catch {
                    return error
                }
            }
        }
    }

    @Test func `a query says labels, filters, nanoseconds, limit and direction`() async throws {
        let body = #"{"status":"success","data":{"resultType":"streams","result":[]}}"#
        try await withAnsweringServer({ $1.respond(body: body) }) { server in
            try await withTransport { transport in
                let endpoint = ServiceEndpoint(
                    transport: transport, baseURL: server.url + "/logs/", authorization: .bearer(SecretText("token")))
                let client = LokiClient(endpoint, redactor: Redactor())
                let found = try await client.lines(try query([.contains("x"), .matches("a|b")], limit: 9_999))
                #expect(found == LogExcerpt(lines: [], isTruncated: false))
                let arrived = try #require(server.requests.first)
                #expect(arrived.header("Authorization") == "Bearer token")
                let fields = try #require(URLComponents(string: arrived.path))
                #expect(fields.path == "/logs/loki/api/v1/query_range")
                let values = Dictionary(
                    uniqueKeysWithValues: (fields.queryItems ?? []).map { ($0.name, $0.value ?? "") })
                #expect(
                    values == [
                        "query": #"{job="a\"b"} |= "x" |~ "a|b""#, "start": "1790000000250000000",
                        "end": "1790000060250000000", "limit": "5000", "direction": "backward",
                    ])
            }
        }
    }

    @Test(
        arguments: [
            (
                "400 Bad Request", "text/plain", "parse error at line 1,\ncol 17\u{1B}[31m",
                "the query is refused: parse error at line 1, col 17\u{FFFD}[31m"
            ),
            ("400 Bad Request", "text/html", "<html>no</html>", "what answers is not Loki's API (HTTP 400)"),
            ("400 Bad Request", "text/plain", "", "what answers is not Loki's API (HTTP 400)"),
            ("401 Unauthorized", "text/plain", "no org id", "Loki does not accept the credentials (HTTP 401)"),
            ("404 Not Found", "text/plain", "404 page not found", "what answers is not Loki's API (HTTP 404)"),
            ("302 Found", "text/html", "", "what answers is not Loki's API (HTTP 302)"),
            (
                "500 Internal Server Error", "text/plain", "too many outstanding requests",
                "Loki can't answer now (HTTP 500): too many outstanding requests"
            ),
            ("503 Service Unavailable", "text/html", "<html>", "Loki can't answer now (HTTP 503)"),
            (
                "200 OK", "text/html", "<html>log in</html>",
                "what answers does not speak Loki's API: not the JSON that was expected"
            ),
            (
                "200 OK", "application/json",
                #"{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[["x","l"]]}]}}"#,
                "what answers does not speak Loki's API: not the JSON that was expected"
            ),
            (
                "200 OK", "application/json",
                #"{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[["-1","l"]]}]}}"#,
                "what answers does not speak Loki's API: not the JSON that was expected"
            ),
            (
                "200 OK", "application/json", #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
                "Loki's answer is none of lines"
            ),
        ])
    func `every other answer is one sentence`(status: String, type: String, body: String, sentence: String) async throws
    {
        #expect(try await failure(status, type, body)?.description == sentence)
    }

    @Test func `an answer is read to its limit, and nobody there is told as such`() async throws {
        let large = String(repeating: "x", count: 10_000)
        #expect(
            try await failure("200 OK", "application/json", large, limit: 5_000)?.description
                == "Loki's answer is too large: ask for fewer lines, or for a shorter time")
        try await withTransport { transport in
            let client = LokiClient(
                ServiceEndpoint(transport: transport, baseURL: "http://127.0.0.1:1"), redactor: Redactor())
            let query = try query()
            do throws(LogSourceError) {
                _ = try await client.lines(query)
                Issue.record("nobody is there")
            } catch {
                #expect(error.description.hasPrefix("Loki can't be asked: "))
            }
        }
    }

    @Test func `more lines than were asked for are cut off and said, metadata is left out`() async throws {
        let body = #"""
            {"status":"success","data":{"resultType":"streams","result":[{"stream":{"a":"b"},"values":[
            ["1790000001000000001","x",{"structuredMetadata":{"k":"v"}}],["1790000003000000000","z"]]},
            {"stream":{"a":"c"},"values":[["1790000002000000000","y"]]}],"stats":{}}}
            """#
        try await withAnsweringServer({ $1.respond(body: body) }) { server in
            try await withTransport { transport in
                let client = LokiClient(
                    ServiceEndpoint(transport: transport, baseURL: server.url), redactor: Redactor())
                let found = try await client.lines(try query(limit: 2))
                #expect(found.isTruncated)
                #expect(found.lines.map(\.text.verbatim) == ["z", "y"])
                let all = try await client.lines(try query(limit: 4))
                #expect(!all.isTruncated)
                #expect(all.lines.last?.nanoseconds == 1_790_000_001_000_000_001)
            }
        }
    }

    @Test func `labels are names, and a query has at least one`() {
        #expect(LogQuery.Condition("a-b", .isThere) == nil)
        #expect(LogQuery.Condition("1a", .isThere) == nil)
        #expect(LogQuery.Condition("", .isThere) == nil)
        #expect(LogQuery.Condition("a=\"x\"} or {b", .isThere) == nil)
        #expect(LogQuery([], over: .seconds(1), until: Date(), limit: 1) == nil)
        #expect(
            LogQuery.Condition("_a1", .isThere).flatMap { LogQuery([$0], over: .zero, until: Date(), limit: 1) } == nil)
    }

    @Test(arguments: [(-5.0, "0000"), (1_790_000_000.000_001, "1790000000000001000"), (1e300, "9000000000000000000")])
    func `times are nanoseconds whatever a clock says`(seconds: Double, text: String) {
        #expect(LokiClient.nanoseconds(Date(timeIntervalSince1970: seconds)) == text)
    }
}
