// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisClients
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Synchronization

/// A thing that an exporter tells of, and a Prometheus of its own that scrapes and evaluates every second.
final class MonitoredThing: Sendable {
    static let isInstalled = Program.path(of: "prometheus") != nil
    private static let exporter = """
        import http.server, sys
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                text = open("says").read()
                body = text.encode()
                self.send_response(500 if text == "500" else 200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments): pass
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
        """
    /// The rule about whether it is up, and one about the slowest of its replicas.
    static let rules = """
        groups:
          - name: app
            rules:
              - alert: AppDown
                expr: app_up == 0
              - alert: AppSlow
                expr: max by (name) (app_seconds) > 5
        """

    let exporter: Program
    private let started = Mutex<[Program]>([])
    private let folder: Folder
    private let exporterPort: Int
    private let port: Int
    private let path: String
    private let transport: HTTPTransport

    init(_ transport: HTTPTransport) throws {
        folder = try Folder()
        path = folder.path
        self.transport = transport
        port = try FreePort.pick()
        exporterPort = try FreePort.pick()
        try folder.write(Self.exporter, to: "exporter.py")
        try folder.write("", to: "says")
        try folder.write(Self.rules, to: "rules.yml")
        exporter = try Program("python3", ["exporter.py", "\(exporterPort)"], in: path)
        try configure()
    }

    var instance: String { "127.0.0.1:\(exporterPort)" }

    func startPrometheus() throws -> Program {
        let prometheus = try Program(
            "prometheus",
            [
                "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:\(port)",
                "--web.enable-lifecycle", "--log.level=warn",
            ], in: path)
        started.withLock { $0.append(prometheus) }
        return prometheus
    }

    /// Ends what was started.
    func end() { for program in started.withLock({ $0 }) + [exporter] { program.end(SIGKILL) } }

    /// What the exporter says from now on.
    func say(_ lines: String...) throws {
        try (lines.joined(separator: "\n") + (lines == ["500"] ? "" : "\n"))
            .write(toFile: path + "/says", atomically: true, encoding: .utf8)
    }

    /// Writes the configuration; lines for the job of the exporter, or no job at all.
    func configure(job: String? = "", rules: String = rules) throws {
        let scrapes = job.map { lines in
            """
            scrape_configs:
              - job_name: app
                static_configs: [{targets: ["\(instance)"]}]
            \(lines)
            """
        }
        try """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        \(scrapes ?? "")
        """.write(toFile: path + "/prometheus.yml", atomically: true, encoding: .utf8)
        try rules.write(toFile: path + "/rules.yml", atomically: true, encoding: .utf8)
    }

    func reload() async throws {
        let answer = try await transport.send(
            OutboundRequest(method: .post, url: "http://127.0.0.1:\(port)/-/reload"))
        guard answer.status == 200 else { throw CocoaError(.fileReadUnknown) }
    }

    /// The product's look at the metrics of an alert.
    func look(_ labels: [String: String], since: Date?) async -> (signal: Signal, timing: ObservationTiming) {
        let client = PrometheusClient(
            ServiceEndpoint(
                transport: transport, baseURL: "http://127.0.0.1:\(port)",
                timeouts: OutboundTimeouts(total: .seconds(1))))
        let asked = Date()
        do throws(MetricsSourceError) {
            let reading = try await PrometheusMetricsSource(client).reading(of: LabelSet(labels))
            let signal = MetricsJudgement.signal(for: reading, since: since, observedAt: asked)
            return (signal, reading?.timing ?? ObservationTiming())
        } catch {
            return (MetricsJudgement.unavailable(error.description, observedAt: asked), ObservationTiming())
        }
    }
}
