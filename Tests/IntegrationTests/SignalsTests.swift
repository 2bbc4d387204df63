// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisClients
import JarvisTestSupport
import Testing

/// The program's looks at Prometheus, Loki and Alertmanager, as an operator takes them; no server of Jarvis runs.
@Suite(.serialized)
struct SignalsTests {
    @Test(.enabled(if: Program.path(of: "prometheus") != nil, "Prometheus is not installed"))
    func `the history of a metric in a real Prometheus`() async throws {
        let port = try FreePort.pick()
        let installation = try Installation(prometheus: port)
        try installation.folder.write(
            """
            global: {scrape_interval: 1s, evaluation_interval: 10s}
            scrape_configs: [{job_name: self, static_configs: [{targets: ["127.0.0.1:\(port)"]}]}]
            """, to: "prometheus.yml")
        let prometheus = try Program(
            "prometheus",
            [
                "--config.file=prometheus.yml", "--storage.tsdb.path=metrics",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ], in: installation.folder.path)
        defer { prometheus.end(SIGKILL) }
        var shown = (text: "", status: 0)
        try await eventually("there are enough samples: \(shown)", within: .seconds(60)) {
            shown = try await installation.run(
                "jarvis metrics history 'up' --hours 0.05 --threshold 0 --towards below 2>&1")
            return shown.text.contains(" flat ")
        }
        #expect(shown.status == 0)
        let lines = shown.text.split(separator: "\n")
        #expect(lines.first?.hasSuffix("a sample every 1 s") == true)
        #expect(lines.dropFirst().first?.hasPrefix("SERIES") == true)
        #expect(lines.dropFirst().first?.hasSuffix("BELOW 0") == true)
        #expect(lines.last?.hasPrefix("up{instance=\"127.0.0.1:\(port)\",job=\"self\"}") == true)
        #expect(lines.last?.hasSuffix("unclear: flat within noise") == true)

        let counted = try await installation.run(
            "jarvis metrics history 'prometheus_http_requests_total' --hours 0.05 --counter --json")
        #expect(counted.status == 0)
        let document = try JSONSerialization.jsonObject(with: Data(counted.text.utf8)) as? [String: Any]
        #expect(document?["stepSeconds"] as? Double == 1)
        #expect((document?["series"] as? [[String: Any]])?.first?["kind"] as? String == "counter")

        let refused = try await installation.run("jarvis metrics history 'up{' 2>&1")
        #expect(refused.status == 1)
        #expect(refused.text.contains("jarvis: the expression is refused: 1:4: parse error"))
        prometheus.end(SIGKILL)
        try await eventually("it has ended") { !prometheus.isRunning }
        let gone = try await installation.run("jarvis metrics history 'up' 2>&1")
        #expect(gone.status == 3)
        #expect(gone.text.contains("jarvis: Prometheus can't be asked: "))
    }

    @Test func `what is not configured is said, with what to do`() async throws {
        let installation = try Installation()
        for (command, key) in [
            ("metrics history up", "prometheus"), ("logs service web", "loki"), ("alertmanager status", "alertmanager"),
        ] {
            let answer = try await installation.run("jarvis \(command) 2>&1")
            #expect(answer.status == 2)
            #expect(answer.text.contains("no \(key) is configured: give its address as \(key).url"))
        }
    }

    @Test func `lines of logs, without secrets, and Loki's refusals`() async throws {
        let installation = try Installation()
        let port = try FreePort.pick()
        // Refuses what holds "(", as Loki refuses a regular expression; else has two lines.
        try installation.folder.write(
            #"""
            import http.server, json, sys, time, urllib.parse
            class Answer(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["query"][0]
                    now = time.time_ns()
                    if "(\"" in query:
                        status, kind, body = 400, "text/plain; charset=utf-8", "parse error : stage '|~ \"(\"' : error parsing regexp: missing closing )\n"
                    else:
                        lines = [[str(now), "password=Tr0ub4dor-and-3 \x1b[31mred"], [str(now - 10**9), query]]
                        streams = [{"stream": {"container": "web"}, "values": lines}]
                        body = json.dumps({"status": "success", "data": {"resultType": "streams", "result": streams}})
                        status, kind = 200, "application/json; charset=UTF-8"
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body.encode())
                def log_message(self, *arguments): pass
            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
            """#, to: "loki.py")
        let loki = try Program("python3", ["loki.py", "\(port)"], in: installation.folder.path)
        defer { loki.end(SIGKILL) }
        func run(_ command: String) async throws -> (text: String, status: Int) {
            try await installation.run("LOKI_URL=http://127.0.0.1:\(port) jarvis logs \(command) 2>&1")
        }
        try await eventually("it answers: \(loki.text)") { try await run("service web").status == 0 }

        let errors = try await run("container web --limit 2")
        #expect(errors.status == 0)
        let lines = errors.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains("Z [web] password=[redacted]"))
        #expect(!errors.text.contains("Tr0ub4dor"))
        #expect(!errors.text.contains("\u{1B}"))
        #expect(lines[1].hasSuffix(#"{container="web"} |~ "(?i)(error|exception|fatal|panic|fail)""#))
        #expect(lines[2].hasPrefix("jarvis: these are 2 lines, as many as were asked for"))

        let search = try await run(#"search 'a"b' --in 'job=x"}' --in host --json"#)
        let document = try JSONSerialization.jsonObject(with: Data(search.text.utf8)) as? [String: Any]
        let asked = (document?["lines"] as? [[String: Any]])?.last?["line"] as? String
        #expect(asked == #"{job="x\"}",host=~".+"} |= "a\"b""#)
        let refused = try await run("search '(' --regex")
        #expect(refused.status == 1)
        #expect(refused.text.contains("jarvis: the query is refused: parse error : stage"))
        let odd = try await run("search x --in 'a-b=c'")
        #expect(odd.status == 64)
        #expect(odd.text.contains("'a-b' is no label"))
    }

    @Test(.enabled(if: Program.path(of: "prometheus-alertmanager") != nil, "Alertmanager is not installed"))
    func `a real Alertmanager's status, and what keeps an alert back`() async throws {
        let port = try FreePort.pick()
        let installation = try Installation(alertmanager: port)
        try installation.folder.write(
            "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", to: "alertmanager.yml")
        let alertmanager = try Program(
            "prometheus-alertmanager",
            [
                "--config.file=alertmanager.yml", "--storage.path=am", "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:\(port)",
            ], in: installation.folder.path)
        defer { alertmanager.end(SIGKILL) }
        try await eventually("it answers: \(alertmanager.text)") {
            try await installation.run("jarvis alertmanager status 2>&1").status == 0
        }
        let status = try await installation.run("jarvis alertmanager status")
        #expect(status.text.contains("cluster   disabled, 0 peers"))
        let none = try await installation.run("jarvis alertmanager alerts alertname=Down")
        #expect(none.status == 1)
        #expect(none.text == "no such alert is known there")
        let transport = HTTPTransport()
        let posted = try await transport.send(
            OutboundRequest(
                method: .post, url: "http://127.0.0.1:\(port)/api/v2/alerts",
                headers: [OutboundHeader("Content-Type", "application/json")],
                body: Array(#"[{"labels":{"alertname":"Down","host":"a"}}]"#.utf8)))
        await transport.shutdown()
        #expect(posted.status == 200)
        try await eventually("the alert is known") {
            try await installation.run("jarvis alertmanager alerts host=a").status == 0
        }
        let shown = try await installation.run("jarvis alertmanager alerts alertname=Down")
        #expect(shown.text.contains(#"nobody     {alertname="Down",host="a"}"#))
    }
}
