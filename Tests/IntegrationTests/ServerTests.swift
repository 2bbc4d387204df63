// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisApp
import JarvisClients
import JarvisCore
import JarvisHTTP
import Testing

/// The program itself, against what really runs on this machine.
@Suite(.serialized) struct ServerTests {
    @Test func `the first start shows credentials once, the second goes on with what is stored`() async throws {
        let installation = try Installation()
        try await installation.serving { server in
            #expect(server.text.contains("Credentials were made"))
            #expect(try await installation.post() == 202)
            _ = try await installation.closed()
        }
        try await installation.serving { server in
            #expect(!server.text.contains("Credentials were made"))
            let incidents = try await installation.client.incidents(openOnly: false, limit: 5)
            #expect(incidents.count == 1)
        }
        installation.endService()
    }

    @Test func `the metrics are what promtool accepts`() async throws {
        let installation = try Installation()
        let text = try await installation.serving { _ in
            #expect(try await installation.post() == 202)
            _ = try await installation.closed()
            return String(decoding: try await installation.get("/metrics").body, as: UTF8.self)
        }
        installation.endService()
        #expect(text.contains(#"jarvis_remediation_total{alert_name="ServiceDown",status="success"} 1"#))
        let documented = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/METRICS.md"),
            encoding: .utf8
        ).matches(of: #/\| `(jarvis_[a-z_]+)` \| (?:counter|gauge|histogram)/#).map { String($0.1) }
        let exposed = text.matches(of: #/# TYPE (jarvis_[a-z_]+) /#).map { String($0.1) }
        #expect(Set(documented) == Set(exposed), "docs/METRICS.md lists what /metrics shows")
        try installation.folder.write(text, to: "metrics")
        let check = try Program(
            "sh", ["-c", "promtool check metrics < metrics && echo accepted"], in: installation.folder.path)
        try await eventually("promtool ends") { !check.isRunning }
        #expect(check.text.contains("accepted"), "\(check.text)")
    }

    @Test func `killed while it verifies, it goes on with the next start and runs nothing twice`() async throws {
        let installation = try Installation()
        try await installation.serving { server in
            #expect(try await installation.post() == 202)
            try await eventually("it verifies") {
                try await installation.client.incidents(openOnly: true, limit: 5).first?.phase == "verifying"
            }
            server.end(SIGKILL)
            try await eventually("it is gone") { !server.isRunning }
        }
        let started = installation.servicePID
        try await installation.serving { _ in
            let incident = try await installation.closed()
            #expect(incident.closing?.outcome == .fixed)
            #expect(incident.attempts == 1)
            #expect(installation.servicePID == started)
        }
        installation.endService()
    }

    @Test func `asked to, it reads its configuration anew, and one with faults changes nothing`() async throws {
        let installation = try Installation()
        let file = installation.folder.path + "/jarvis.yaml"
        let whole = try String(contentsOfFile: file, encoding: .utf8)
        try await installation.serving { server in
            // Approval instead of auto, and a port that needs a restart.
            let asking = whole.replacing("level: auto", with: "level: approve")
                .replacing("127.0.0.1:\(installation.port)", with: "127.0.0.1:1")
            try asking.write(toFile: file, atomically: true, encoding: .utf8)
            server.end(SIGHUP)
            try await eventually("it is read: \(server.text)") {
                server.text.contains("was read anew and holds") && server.text.contains("server")
            }
            try (asking + "\nnonsense: true\n").write(toFile: file, atomically: true, encoding: .utf8)
            server.end(SIGHUP)
            try await eventually("it is refused: \(server.text)") {
                server.text.contains("does not hold") && server.text.contains("nonsense")
            }
            #expect(try await installation.post() == 202)
            try await eventually("it asks: \(server.text)") {
                try await installation.client.incidents(openOnly: true, limit: 5).first?.phase == "awaitingApproval"
            }
            let metrics = String(decoding: try await installation.get("/metrics").body, as: UTF8.self)
            #expect(metrics.contains(#"jarvis_configuration_reloads_total{result="applied"} 1"#))
            #expect(metrics.contains(#"jarvis_configuration_reloads_total{result="refused"} 1"#))
        }
        installation.endService()
    }

    @Test func `asked to end, it ends by itself and soon`() async throws {
        let installation = try Installation()
        try await installation.serving { server in
            server.end(SIGTERM)
            try await eventually("it ends: \(server.text)", within: .seconds(15)) { !server.isRunning }
        }
    }

    @Test func `a second server on the same data is refused with a reason`() async throws {
        let installation = try Installation()
        try await installation.serving { _ in
            let second = try Program(Program.jarvis, ["serve"], in: installation.folder.path)
            try await eventually("the second ends") { !second.isRunning }
            #expect(second.text.contains("another"), "\(second.text)")
        }
    }
}
