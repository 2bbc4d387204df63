// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Testing

@testable import JarvisClients

/// Answers as Prometheus 2.42 gives them, and answers as it never should.
@Suite(.timeLimit(.minutes(1)))
struct PrometheusClientTests {
    private func withClient<Result>(
        answering body: String, status: String = "200 OK", limit: Int = 8 << 20,
        _ work: (PrometheusClient, HostileServer) async throws -> Result
    ) async throws -> Result {
        try await withAnsweringServer({ $1.respond(status, body: body) }) { server in
            try await withTransport { transport in
                let client = PrometheusClient(
                    ServiceEndpoint(
                        transport: transport, baseURL: server.url + "/prom/",
                        authorization: .bearer(SecretText("token")), maximumResponseBytes: limit))
                return try await work(client, server)
            }
        }
    }

    private func error(answering body: String, status: String = "200 OK", limit: Int = 8 << 20) async throws
        -> PrometheusError?
    {
        try await withClient(answering: body, status: status, limit: limit) { client, _ in
            do throws(PrometheusError) {
                _ = try await client.query("up")
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func `a vector is read with labels, instant and value`() async throws {
        let body = #"""
            {"status":"success","data":{"resultType":"vector","result":[
            {"metric":{"__name__":"up","job":"a"},"value":[1700000000.5,"1"]},
            {"metric":{"job":"b"},"value":[1700000000.5,"NaN"]},{"metric":{},"value":[1700000000,"-Inf"]},
            {"metric":{"job":"h"},"histogram":[1700000000,{"count":"1","sum":"2"}]}]},"warnings":["partial"]}
            """#
        try await withClient(answering: body) { client, server in
            let result = try await client.query(#"up{a="b&c+"}"#, at: Date(timeIntervalSince1970: 1_700_000_000.25))
            #expect(result.samples.map(\.labels["job"]) == ["a", "b", nil, "h"])
            #expect(result.samples[0].value == 1)
            #expect(result.samples[0].time == Date(timeIntervalSince1970: 1_700_000_000.5))
            #expect(result.samples[1].value?.isNaN == true)
            #expect(result.samples[2].value == -.infinity)
            #expect(result.samples[3].value == nil)
            #expect(result.warnings == ["partial"])
            let arrived = try #require(server.requests.first)
            #expect(arrived.line == "POST /prom/api/v1/query HTTP/1.1")
            #expect(arrived.body == "query=up%7Ba%3D%22b%26c%2B%22%7D&time=1700000000.250")
            #expect(arrived.header("Authorization") == "Bearer token")
        }
    }

    @Test func `a scalar is one sample`() async throws {
        let body = #"{"status":"success","data":{"resultType":"scalar","result":[1700000000,"5"]}}"#
        try await withClient(answering: body) { client, _ in
            let result = try await client.query("time()")
            #expect(result.samples.map(\.value) == [5])
        }
    }

    @Test func `alerting rules are read and recording rules are left out`() async throws {
        let body = #"""
            {"status":"success","data":{"groups":[{"name":"g","file":"/r.yml","interval":15.5,"rules":[
            {"state":"firing","name":"A","query":"up == 0","duration":60,"keepFiringFor":30,
            "labels":{"severity":"critical"},"annotations":{"summary":"s"},"alerts":[{"labels":{"alertname":"A",
            "job":"x","severity":"critical"},"annotations":{},"state":"firing",
            "activeAt":"2026-11-23T21:25:00.123456789Z","value":"0e+00"}],"health":"ok","evaluationTime":0.001,
            "lastEvaluation":"2026-11-23T21:25:01Z","type":"alerting"},
            {"name":"r","query":"sum(up)","health":"ok","evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z",
            "type":"recording"},
            {"state":"inactive","name":"B","query":"x","duration":0,"labels":{},"annotations":{},"alerts":[],
            "health":"err","lastError":"boom","lastEvaluation":"0001-01-01T00:00:00Z","type":"alerting"}],
            "lastEvaluation":"2026-11-23T21:25:01Z"}]}}
            """#
        try await withClient(answering: body) { client, server in
            let rules = try await client.rules()
            #expect(rules.map(\.name) == ["A", "B"])
            #expect(rules[0].evaluationInterval == .milliseconds(15_500))
            #expect(rules[0].duration == .seconds(60))
            #expect(rules[0].keepFiringFor == .seconds(30))
            #expect(rules[0].alerts.first?.state == .firing)
            #expect(rules[0].alerts.first?.value == 0)
            #expect(rules[0].lastEvaluation == Date(timeIntervalSince1970: 1_795_469_101))
            #expect(rules[1].health == .failed)
            #expect(rules[1].lastError == "boom")
            #expect(rules[1].lastEvaluation == nil)
            #expect(server.requests.map(\.path) == ["/prom/api/v1/rules?type=alert"])
        }
    }

    @Test(
        arguments: [
            (
                #"{"status":"error","errorType":"bad_data","error":"parse error"}"#, "400 Bad Request",
                .badData(message: "parse error")
            ),
            (
                #"{"status":"error","errorType":"execution","error":"many-to-many"}"#, "422 U",
                .execution(message: "many-to-many")
            ),
            (#"{"status":"error","errorType":"timeout","error":"query timed out"}"#, "503 S", .timeout),
            (
                #"{"status":"error","errorType":"unavailable","error":"TSDB not ready"}"#, "503 S",
                .unavailable(status: 503)
            ),
            (#"{"status":"error","errorType":"new","error":"x"}"#, "400 B", .notPrometheus(status: 400)),
            ("Service Unavailable", "503 S", .unavailable(status: 503)), ("<html>", "502 B", .unavailable(status: 502)),
            ("Unauthorized", "401 U", .unauthorized(status: 401)), ("", "403 F", .unauthorized(status: 403)),
            ("<html>login</html>", "200 OK", .notPrometheus(status: 200)), ("", "200 OK", .notPrometheus(status: 200)),
            ("[]", "200 OK", .notPrometheus(status: 200)), ("{}", "200 OK", .notPrometheus(status: 200)),
            ("404 page not found", "404 N", .notPrometheus(status: 404)),
            ("", "302 Found", .notPrometheus(status: 302)),
            (#"{"status":"success"}"#, "200 OK", .notPrometheus(status: 200)),
            (
                #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#, "200 OK",
                .decode(path: "data.resultType")
            ),
            (#"{"status":"success","data":{"resultType":"vector"}}"#, "200 OK", .decode(path: "data.result")),
            (
                #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}"#,
                "200 OK",
                .decode(path: "data.result.[0].value.[2]")
            ),
            (
                #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"1"]}]}}"#,
                "200 OK", .decode(path: "data.result.[0].metric.a")
            ),
            (String(repeating: "[", count: 100_000), "200 OK", .notPrometheus(status: 200)),
        ] as [(String, String, PrometheusError)])
    func `an answer that is no result is named`(body: String, status: String, expected: PrometheusError) async throws {
        let error = try await error(answering: body, status: status)
        #expect(error == expected)
    }

    @Test func `a long message is shortened and a long answer refused`() async throws {
        let message = String(repeating: "x", count: 10_000)
        let shortened = try await error(
            answering: #"{"status":"error","errorType":"bad_data","error":"\#(message)"}"#, status: "400 B")
        #expect(shortened == .badData(message: String(message.prefix(500))))
        let refused = try await error(answering: message, limit: 1000)
        #expect(refused == .tooLarge(bytes: 1000))
    }

    @Test func `a closed port is told as what it is`() async throws {
        try await withClient(answering: "") { client, server in
            server.stop()
            try await eventually("the port is closed") {
                do throws(PrometheusError) {
                    _ = try await client.alerts()
                    return false
                } catch {
                    return error == .transport(.connect(.refused, Peer(host: "127.0.0.1", port: server.port)))
                }
            }
        }
    }

    @Test func `the intervals of targets are read`() async throws {
        let body = #"""
            {"status":"success","data":{"activeTargets":[{"discoveredLabels":{},"labels":{"job":"a","instance":"i"},
            "scrapePool":"a","scrapeUrl":"http://i/metrics","lastError":"refused","lastScrape":"2026-11-23T21:25:00Z",
            "lastScrapeDuration":0.1,"health":"down","scrapeInterval":"7s","scrapeTimeout":"5s"}],"droppedTargets":[]}}
            """#
        try await withClient(answering: body) { client, _ in
            let targets = try await client.targets()
            #expect(targets.map(\.scrapeInterval) == [.seconds(7)])
            #expect(targets.map(\.health) == ["down"])
            #expect(ScrapeIntervals(targets)[["job": "a", "instance": "i", "x": "y"]] == .seconds(7))
            #expect(ScrapeIntervals(targets)[["job": "a"]] == nil)
        }
    }
}
