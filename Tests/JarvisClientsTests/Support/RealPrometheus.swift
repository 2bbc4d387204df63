// SPDX-License-Identifier: Apache-2.0
import JarvisTestSupport

@testable import JarvisClients

/// A Prometheus of its own for one test: one second between scrapes and between evaluations.
final class RealPrometheus: Sendable {
    let port: Int
    private let folder: TemporaryFolder
    private let process: ChildProcess

    /// Whether the program is installed; `scripts/bootstrap.sh test` does that.
    static let isInstalled = ChildProcess.exists("prometheus")

    init(scraping exporter: Int, rules: String) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        port = try FreePort.pick()
        try folder.write(rules, to: "rules.yml")
        try folder.write(
            """
            global:
              scrape_interval: 5s
              evaluation_interval: 1s
              external_labels: {cluster: home}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: app
                scrape_interval: 1s
                static_configs: [{targets: ["127.0.0.1:\(exporter)"]}]

            """, to: "prometheus.yml")
        process = try ChildProcess(
            "prometheus",
            [
                "--config.file", folder.file("prometheus.yml"), "--storage.tsdb.path", folder.file("data"),
                "--web.listen-address", "127.0.0.1:\(port)", "--web.enable-lifecycle", "--log.level", "warn",
            ], output: folder.file("log"))
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func replaceRules(_ rules: String, transport: HTTPTransport) async throws {
        try folder.write(rules, to: "rules.yml")
        _ = try await transport.send(OutboundRequest(method: .post, url: "\(url)/-/reload"))
    }

    func kill() { process.kill() }
}
