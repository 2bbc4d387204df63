// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisApp
import JarvisClients
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Testing

/// The whole loop with the real monitoring: Prometheus sees it, Alertmanager tells, Jarvis repairs and proves.
@Suite(.serialized, .enabled(if: Program.path(of: "prometheus-alertmanager") != nil, "Prometheus is not installed"))
struct WholeLoopTests {
    @Test func `a service that dies is restarted and proven by three kinds of signal`() async throws {
        let prometheusPort = try FreePort.pick()
        let installation = try Installation(prometheus: prometheusPort)
        let monitoring = try Monitoring(installation, port: prometheusPort)
        defer { monitoring.end() }
        try await installation.serving { _ in
            // Prometheus finds the service missing from the start: the first incident brings it up.
            let first = try await installation.closed()
            #expect(first.closing?.verdict == .verified)
            #expect(Set(first.baseline.map(\.reading)).isDisjoint(with: [.good]))
            try await eventually("the alert is gone") {
                try await installation.client.incidents(openOnly: true, limit: 5).isEmpty
            }
            let timeline = try await installation.client.timeline(of: first.id)
            let evidence = try #require(timeline.last?.entry.evidence)
            #expect(evidence.first { $0.kind == .metrics }?.reading == .good)
            #expect(evidence.first { $0.kind == .target }?.reading == .good)
            #expect(evidence.first { $0.kind == .service }?.reading == .good)
        }
        installation.endService()
    }
}

/// Prometheus and Alertmanager of one test, with one rule about the service.
private final class Monitoring: Sendable {
    private let programs: [Program]

    init(_ installation: Installation, port: Int) throws {
        let folder = installation.folder
        let alertmanagerPort = try FreePort.pick()
        try folder.write(
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {site: test}}
            rule_files: [rules.yml]
            alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:\(alertmanagerPort)"]}]}]}
            scrape_configs:
              - job_name: app
                static_configs: [{targets: ["127.0.0.1:\(installation.servicePort)"], labels: {service: app, remediation_host: local}}]
            """, to: "prometheus.yml")
        try folder.write(
            """
            groups:
              - name: app
                rules: [{alert: ServiceDown, expr: 'up{job="app"} == 0', labels: {severity: critical}}]
            """, to: "rules.yml")
        try folder.write(
            """
            route: {receiver: jarvis, group_by: ['...'], group_wait: 0s, group_interval: 1s}
            receivers:
              - name: jarvis
                webhook_configs:
                  - url: http://127.0.0.1:\(installation.port)/webhook
                    send_resolved: true
                    http_config: {basic_auth: {username: alertmanager, password: password-of-the-test}}
            """, to: "alertmanager.yml")
        programs = [
            try Program(
                "prometheus-alertmanager",
                [
                    "--config.file=alertmanager.yml", "--storage.path=am", "--cluster.listen-address=",
                    "--web.listen-address=127.0.0.1:\(alertmanagerPort)",
                ], in: folder.path),
            try Program(
                "prometheus",
                [
                    "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
                    "--web.listen-address=127.0.0.1:\(port)",
                ], in: folder.path),
        ]
    }

    func end() { programs.forEach { $0.end(SIGKILL) } }
}
