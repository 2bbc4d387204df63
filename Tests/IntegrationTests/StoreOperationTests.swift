// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisApp
import JarvisCore
import JarvisHTTP
import Testing

/// `jarvis backup`, `restore`, `db` and `queue` as an operator uses them.
@Suite(.serialized) struct StoreOperationTests {
    private func stop(_ server: Program) async throws {
        server.end(SIGTERM)
        try await eventually("it ends") { !server.isRunning }
    }

    private func backup(_ installation: Installation) async throws -> String {
        let made = try await installation.run("jarvis backup backups --json")
        #expect(made.status == 0, "\(made.text)")
        return String(try #require(made.text.firstMatch(of: /"path":"([^"]+)"/)?.1))
    }

    @Test func `what was done after the backup is not done again after its restore`() async throws {
        let installation = try Installation()
        defer { installation.endService() }
        var path = ""
        try await installation.serving { server in
            #expect(try await installation.run("jarvis pause --reason test").status == 0)
            #expect(try await installation.post() == 202)
            try await eventually("the plan is ready and held back") {
                try await installation.client.incidents(openOnly: true, limit: 1).first?.phase == "acting"
            }
            path = try await backup(installation)
            #expect(try await installation.run("jarvis db check").text.contains("faults=0"))
            #expect(try await installation.run("jarvis resume").status == 0)
            #expect(try await installation.closed().attempts == 1)
            let refused = try await installation.run("jarvis restore \(path)")
            #expect(refused.status == 2 && refused.text.contains("another Jarvis"), "\(refused.text)")
            try await stop(server)
        }
        let service = try #require(installation.servicePID)
        let done = try await installation.run("jarvis restore \(path)")
        #expect(done.status == 0 && done.text.contains("open_incidents=1"), "\(done.text)")
        try await installation.serving { server in
            let paused = try await installation.run("jarvis audit export | grep -c '\"event\":\"restore\"'")
            #expect(paused.text == "1")
            // The pause of before is the person's own, and stays.
            #expect(try await installation.run("jarvis resume").status == 0)
            let incident = try await installation.closed()
            #expect(incident.attempts == 0, "\(incident)")
            #expect(incident.closing?.outcome != .escalated)
            let records = try await installation.run("jarvis audit export | grep -c '\"event\":\"intent\"'")
            #expect(records.text == "0")
            try await stop(server)
        }
        #expect(installation.servicePID == service)
    }

    @Test func `a damaged database is refused at the start, and a backup brings it back`() async throws {
        let installation = try Installation()
        defer { installation.endService() }
        var path = ""
        try await installation.serving { server in
            path = try await backup(installation)
            try await stop(server)
        }
        let file = installation.folder.path + "/data/jarvis.sqlite"
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes.replaceSubrange(8 * 4096..<16 * 4096, with: Data(repeating: 0x5A, count: 8 * 4096))
        try bytes.write(to: URL(filePath: file))
        let check = try await installation.run("jarvis db check")
        #expect(check.status == 1 && check.text.contains("pages: "), "\(check.text)")
        let refused = try await installation.run("jarvis backup others")
        #expect(refused.status == 1, "\(refused.text)")
        let server = try Program(Program.jarvis, ["serve"], in: installation.folder.path)
        try await eventually("it gives up") { !server.isRunning }
        #expect(server.text.contains("damaged") && server.text.contains("jarvis db check"), "\(server.text)")
        #expect(server.text.contains("jarvis restore"))
        #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
        #expect(try await installation.run("jarvis restore \(path)").status == 0)
        try await installation.serving { server in
            #expect(try await installation.post() == 202)
            try await stop(server)
        }
    }

    @Test func `given-up jobs are listed, tried again and dropped, and every decision is recorded`() async throws {
        let installation = try Installation()
        defer { installation.endService() }
        try await installation.serving { server in try await stop(server) }
        let insert = """
            INSERT INTO jobs (id, kind, payload, priority, due_at, state, attempts, reason) VALUES (41, 'intake', \
            '{\\"intake\\":{\\"_0\\":\\"00000000-0000-7000-8000-000000000000\\"}}', 1, 0, 'dead', 3, 'because')
            """
        let python =
            "import sqlite3; c = sqlite3.connect('data/jarvis.sqlite'); c.execute(\\\"\\\"\\\"\(insert.replacing("\\\"", with: "\\\\\\\""))\\\"\\\"\\\"); c.commit()"
        let inserted = try await installation.run("python3 -c \"\(python)\"")
        #expect(inserted.status == 0, "\(inserted.text)")
        try await installation.serving { server in
            let list = try await installation.run("jarvis queue")
            #expect(list.text.contains("41") && list.text.contains("because"), "\(list.text)")
            #expect(try await installation.run("jarvis queue retry 41").status == 0)
            // Its delivery is not there, so it is given up at once, with another reason.
            try await eventually("it is given up again") {
                try await installation.run("jarvis queue --json").text.contains("is missing")
            }
            #expect(try await installation.run("jarvis queue retry 7").status == 1)
            #expect(try await installation.run("jarvis queue retry").status == 64)
            #expect(try await installation.run("jarvis queue drop 41").text.contains("nothing waits"))
            let events = try await installation.run("jarvis audit export | grep -o '\"event\":\"[a-z]*\"\\|\"job\":41'")
            #expect(events.text.split(separator: "\n").count == 4, "\(events.text)")
            #expect(try await installation.run("jarvis audit verify").status == 0)
            try await stop(server)
        }
        #expect(try await installation.run("jarvis queue").status == 3)
    }
}
