// SPDX-License-Identifier: Apache-2.0
import Foundation
import JarvisCore
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(1)))
struct PrometheusRangeTests {
    @Test(
        arguments: [
            // Length, scrape interval, most instants: step.
            (86_400.0, 15.0, 1_441, 60.0), (86_400, 60, 1_441, 60), (86_400, 300, 1_441, 300), (3600, 15, 1_441, 15),
            (3600, 0.5, 1_441, 3), (3600, 0.5, 100_000, 1), (31_536_000, 15, 100_000, 2868), (1, 15, 10, 15),
            (60, 0, 2, 60),
            (86_400 * 730, 15, 1_441, 43_800),
        ] as [(Double, Double, Int, Double)])
    func `a step gives few enough instants and is no shorter than a scrape`(
        length: Double, scrape: Double, instants: Int, step: Double
    ) {
        let found = RangeStep.choose(over: .seconds(length), scrapeInterval: .seconds(scrape), instants: instants)
        #expect(found == .seconds(step))
        #expect(length / step < Double(RangeStep.mostInstants))
    }

    private func withAnswers<Result>(
        range: String, status: String = "200 OK",
        configuration: String = "global:\n  scrape_interval: 30s\n  evaluation_interval: 1m\n",
        _ body: (PrometheusMetricHistorySource, HostileServer) async throws -> Result
    ) async throws -> Result {
        let yaml = try String(decoding: JSONEncoder().encode(["yaml": configuration]), as: UTF8.self)
        return try await withAnsweringServer({ request, connection in
            request.path.hasSuffix("query_range")
                ? connection.respond(status, body: range)
                : connection.respond(body: "{\"status\":\"success\",\"data\":\(yaml)}")
        }) { server in
            try await withTransport { transport in
                let client = PrometheusClient(ServiceEndpoint(transport: transport, baseURL: server.url))
                return try await body(PrometheusMetricHistorySource(client), server)
            }
        }
    }

    private let end = Date(timeIntervalSince1970: 1_790_000_000.75)

    @Test func `a matrix is read with every kind of number, and asked for in unix seconds`() async throws {
        let matrix = #"""
            {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a","job":"b"},
            "values":[[1789996400,"1"],[1789996430.5,"NaN"],[1789996460,"+Inf"],[1789996490,"-1.5e3"]]},
            {"metric":{},"histograms":[[1789996400,{"count":"1","sum":"1"}]]}]},"warnings":["half"]}
            """#
        try await withAnswers(range: matrix) { source, server in
            let range = try await source.series(of: "a[b&", over: .seconds(3600), until: end)
            #expect(
                range.window
                    == MetricWindow(
                        start: Date(timeIntervalSince1970: 1_789_996_400),
                        end: Date(timeIntervalSince1970: 1_790_000_000),
                        step: 30))
            #expect(range.series.map(\.labels.values) == [["__name__": "a", "job": "b"], [:]])
            #expect(
                range.series[0].points.map(\.time.timeIntervalSince1970) == [
                    1_789_996_400, 1_789_996_430.5, 1_789_996_460, 1_789_996_490,
                ])
            #expect(range.series[0].points[0].value == 1)
            #expect(range.series[0].points[1].value.isNaN)
            #expect(range.series[0].points[2].value == .infinity)
            #expect(range.series[0].points[3].value == -1500)
            #expect(range.series[1].points.isEmpty)
            #expect(range.warnings == ["half"])
            #expect(
                server.requests.last?.body
                    == "query=a%5Bb%26&start=1789996400.000&end=1790000000.000&step=30.000")
        }
    }

    @Test func `a server that shows no configuration is asked at the usual interval`() async throws {
        let empty = #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#
        try await withAnswers(range: empty, configuration: "nothing") { source, _ in
            let range = try await source.series(of: "a", over: .seconds(600), until: end)
            #expect(range.window.step == 15)
        }
    }

    @Test(
        arguments: [
            (
                "400 Bad Request", #"{"status":"error","errorType":"bad_data","error":"parse \u001b error"}"#,
                "the expression is refused: parse \u{FFFD} error"
            ),
            (
                "422 Unprocessable Entity", #"{"status":"error","errorType":"execution","error":"many-to-many"}"#,
                "the expression is refused: many-to-many"
            ),
            (
                "200 OK", #"{"status":"success","data":{"resultType":"vector","result":[]}}"#,
                "Prometheus' answer can't be read at data.resultType"
            ),
            ("502 Bad Gateway", "<html>", "Prometheus is unavailable (HTTP 502)"),
        ])
    func `what is no history is one sentence`(status: String, body: String, sentence: String) async throws {
        try await withAnswers(range: body, status: status) { source, _ in
            do throws(MetricHistoryError) {
                _ = try await source.series(of: "a", over: .seconds(600), until: end)
                Issue.record("a history")
            } catch {
                #expect(error.description == sentence)
            }
        }
    }

    @Test(.enabled(if: SeededPrometheus.isInstalled, "Prometheus is not installed"))
    func `the real one tells of two hours, of a year, and of what it refuses`() async throws {
        let server = try SeededPrometheus()
        defer { server.kill() }
        try await withTransport { transport in
            let client = PrometheusClient(ServiceEndpoint(transport: transport, baseURL: server.url))
            try await eventually("it answers") { (try? await client.query("up")) != nil }
            let source = PrometheusMetricHistorySource(client)
            let counter = "sum(nginx_http_request_duration_seconds_bucket{le=\"+Inf\",node=\"n1\",host=\"a.example\"})"
            let range = try await source.series(of: counter, over: .seconds(6600), until: SeededPrometheus.now)
            #expect(range.window.step == 15)
            let series = try #require(range.series.first)
            let history = MetricHistory(series, window: range.window, kind: .gauge)
            guard case .measured(let summary, let line) = history.findings else {
                Issue.record("\(history.findings)")
                return
            }
            // One a second, told every minute: the steps are the noise.
            #expect((line.slope - 3600).magnitude < 5)
            #expect(line.direction == .rising)
            #expect(history.points == 441)
            #expect(history.missing == 0)
            let forecast = history.exhaustion(of: MetricThreshold(summary.current + 3600, .above))
            guard case .expected(let found) = forecast else {
                Issue.record("\(forecast)")
                return
            }
            #expect((found.hours - 1).magnitude < 0.02)

            let year = try await source.series(of: "up", over: .seconds(365 * 86_400), until: SeededPrometheus.now)
            #expect(year.window.step == 21_900)
            await #expect(throws: MetricHistoryError.self) {
                try await source.series(of: "up{", over: .seconds(600), until: SeededPrometheus.now)
            }
        }
    }
}
