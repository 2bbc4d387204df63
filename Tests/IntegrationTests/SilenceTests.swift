// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisApp
import JarvisClients
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Testing

/// Silences of the program itself in a real Alertmanager.
@Suite(.serialized, .enabled(if: Program.path(of: "prometheus-alertmanager") != nil, "Alertmanager is not installed"))
struct SilenceTests {
    /// An Alertmanager of one test, and an installation that asks it, with an incident that waits for a person.
    private struct Bed {
        let installation: Installation
        let alertmanager: Program
        let port: Int
        private let transport = HTTPTransport()

        init() throws {
            port = try FreePort.pick()
            installation = try Installation(alertmanager: port, level: "approve")
            try installation.folder.write(
                "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", to: "alertmanager.yml")
            alertmanager = try Program(
                "prometheus-alertmanager",
                [
                    "--config.file=alertmanager.yml", "--storage.path=am", "--cluster.listen-address=",
                    "--web.listen-address=127.0.0.1:\(port)",
                ], in: installation.folder.path)
        }

        func end() { alertmanager.end(SIGKILL) }

        /// Has the configuration name the Alertmanager of another one, as it is read next.
        func point(at other: Bed) throws {
            let file = installation.folder.path + "/jarvis.yaml"
            let text = try String(contentsOfFile: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).map { line in
                line.hasPrefix("alertmanager:")
                    ? "alertmanager: {url: \"http://127.0.0.1:\(other.port)\", timeout: 1s}" : String(line)
            }
            try text.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        }

        /// States of all its silences by their comments.
        func silences() async throws -> [(comment: String, state: String)] {
            let answer = try await transport.send(
                OutboundRequest(url: "http://127.0.0.1:\(port)/api/v2/silences"))
            return try JSONDecoder().decode([Shown].self, from: Data(answer.body)).map { ($0.comment, $0.status.state) }
        }

        private struct Shown: Decodable {
            struct Status: Decodable { let state: String }
            let comment: String
            let status: Status
        }

        func waiting() async throws -> IncidentView {
            try await eventually("Alertmanager answers: \(alertmanager.text)") {
                (try? await silences().isEmpty) == true
            }
            #expect(try await installation.post() == 202)
            try await eventually("it waits for a person") { try await incident()?.phase == "awaitingApproval" }
            return try #require(try await incident())
        }

        func incident() async throws -> IncidentView? {
            try await installation.client.incidents(openOnly: false, limit: 1).first
        }

        func state() async throws -> SilenceView.State? { try await incident()?.silences.last?.state }
    }

    @Test func `a person silences an incident, ends that, and the end of the incident ends it, too`() async throws {
        let bed = try Bed()
        defer { bed.end() }
        try await bed.installation.serving { _ in
            let incident = try await bed.waiting()
            let answer = try await bed.installation.run("jarvis silence \(incident.id) --for 2h --reason 'new rack'")
            #expect(answer.status == 0)
            #expect(answer.text.contains("until"), "\(answer.text)")
            try await eventually("it is silenced") { try await bed.state() == .active }
            let made = try await bed.silences()
            #expect(made.map(\.state) == ["active"])
            #expect(made.first?.comment.hasSuffix("of incident \(incident.id): new rack") == true)
            #expect(try await bed.installation.run("jarvis silence \(incident.id)").status == 1)
            #expect(try await bed.installation.run("jarvis silence \(incident.id) --for 25h").status == 64)

            #expect(try await bed.installation.run("jarvis silence \(incident.id) --end").status == 0)
            try await eventually("it is ended") { try await bed.state() == .over }
            #expect(try await bed.silences().map(\.state) == ["expired"])

            #expect(try await bed.installation.run("jarvis silence \(incident.id)").status == 0)
            try await eventually("it is silenced again") { try await bed.state() == .active }
            #expect(try await bed.installation.run("jarvis deny \(incident.id)").status == 0)
            try await eventually("it is ended with the incident") { try await bed.state() == .over }
            #expect(try await bed.silences().map(\.state) == ["expired", "expired"])
            let metrics = String(decoding: try await bed.installation.get("/metrics").body, as: UTF8.self)
            #expect(metrics.contains(#"jarvis_api_changes_total{change="silence.create",ending="done"} 2"#))
            #expect(try await bed.installation.run("jarvis audit verify").status == 0)
        }
    }

    @Test func `the Alertmanager of a configuration that is read anew is asked`() async throws {
        let bed = try Bed()
        defer { bed.end() }
        let file = bed.installation.folder.path + "/jarvis.yaml"
        let whole = try String(contentsOfFile: file, encoding: .utf8)
        let without = whole.split(separator: "\n").filter { !$0.hasPrefix("alertmanager:") }.joined(separator: "\n")
        try without.write(toFile: file, atomically: true, encoding: .utf8)
        try await bed.installation.serving { server in
            let incident = try await bed.waiting()
            let refused = try await bed.installation.run("jarvis silence \(incident.id)")
            #expect(refused.status == 1)
            #expect(refused.text.contains("set alertmanager.url"), "\(refused.text)")
            try whole.write(toFile: file, atomically: true, encoding: .utf8)
            server.end(SIGHUP)
            try await eventually("it is read: \(server.text)") { server.text.contains("was read anew and holds") }
            #expect(try await bed.installation.run("jarvis silence \(incident.id)").status == 0)
            try await eventually("it is silenced") { try await bed.state() == .active }
        }
    }

    @Test func `what was asked of one Alertmanager is neither looked for nor ended at another`() async throws {
        let bed = try Bed()
        let other = try Bed()
        defer {
            bed.end()
            other.end()
        }
        try await eventually("the other one answers: \(other.alertmanager.text)") {
            (try? await other.silences().isEmpty) == true
        }
        let crash = ["FAULT_POINT": "silence.sent.after:crash:1"]
        let incident = try await bed.installation.serving(environment: crash) { server in
            let incident = try await bed.waiting()
            _ = try? await bed.installation.client.silence(incident.id, SilenceRequest())
            try await eventually("it dies") { !server.isRunning }
            return incident
        }
        try bed.point(at: other)
        try await bed.installation.serving { server in
            try await eventually("it waits") { try await bed.incident()?.silences.first?.note?.isEmpty == false }
            let shown = try await bed.installation.run("jarvis incidents show \(incident.id)")
            #expect(shown.text.contains("unknown until"), "\(shown.text)")
            #expect(
                shown.text.contains(
                    "made at http://127.0.0.1:\(bed.port); configured is http://127.0.0.1:\(other.port): set"),
                "\(shown.text)")
            #expect(server.text.contains("a silence waits for its Alertmanager to be configured"))
            #expect(try await bed.installation.run("jarvis silence \(incident.id) --end").status == 0)
            try bed.point(at: bed)
            server.end(SIGHUP)
            // It is looked at again once a minute.
            try await eventually("it is found and ended: \(server.text)", within: .seconds(150)) {
                try await bed.state() == .over
            }
            #expect(try await bed.silences().map(\.state) == ["expired"])
            #expect(try await other.silences().isEmpty)
        }
    }

    @Test(arguments: ["silence.intent.durable", "silence.sent.after"])
    func `killed before the receipt, it ends with exactly one silence`(_ point: String) async throws {
        let bed = try Bed()
        defer { bed.end() }
        let incident = try await bed.installation.serving(environment: ["FAULT_POINT": "\(point):crash:1"]) { server in
            let incident = try await bed.waiting()
            _ = try? await bed.installation.client.silence(incident.id, SilenceRequest())
            try await eventually("it dies") { !server.isRunning }
            return incident
        }
        #expect(try await bed.silences().count == (point == "silence.sent.after" ? 1 : 0))
        try await bed.installation.serving { _ in
            try await eventually("it is silenced") { try await bed.state() == .active }
            #expect(try await bed.silences().map(\.state) == ["active"])
            let timeline = try await bed.installation.client.timeline(of: incident.id).map(\.entry)
            let found = timeline.first { $0.what == "silenced" }?.detail.contains("found by its comment")
            #expect(found == (point == "silence.sent.after"))
            #expect(timeline.count { $0.what == "silence intent" } == (point == "silence.sent.after" ? 1 : 2))
        }
    }
}
