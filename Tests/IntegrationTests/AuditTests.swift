// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisClients
import JarvisCore
import Testing

/// `jarvis audit` as an operator uses it, beside a server and without one.
@Suite(.serialized) struct AuditTests {
    private func run(_ installation: Installation, _ command: String) async throws -> (text: String, status: Int) {
        try await installation.run(command)
    }

    /// Changes the database through SQLite itself, the triggers taken away first.
    private func tamper(_ installation: Installation, _ statement: String) async throws {
        let done = try await run(
            installation,
            """
            python3 -c "import sqlite3; c = sqlite3.connect('data/jarvis.sqlite'); c.executescript('''\
            DROP TRIGGER IF EXISTS audit_is_not_edited; DROP TRIGGER IF EXISTS audit_is_not_removed; \(statement);''')"
            """)
        #expect(done.status == 0, "\(done.text)")
    }

    @Test func `what was done is exported, proven, and every change of it is found`() async throws {
        let installation = try Installation()
        defer { installation.endService() }
        try await installation.serving { server in
            #expect(try await installation.post() == 202)
            _ = try await installation.closed()
            #expect(try await run(installation, "jarvis pause --reason holiday").status == 0)
            #expect(try await run(installation, "jarvis resume").status == 0)
            // Beside the server.
            #expect(
                try await run(installation, "jarvis audit verify").text == "audit: records=4 chain=ok head=none")
            #expect(try await run(installation, "jarvis audit head > head.json").status == 0)
            #expect(
                try await run(installation, "jarvis audit verify --head head.json").text
                    == "audit: records=4 chain=ok head=ok")
            let metrics = String(decoding: try await installation.get("/metrics").body, as: UTF8.self)
            #expect(metrics.contains("jarvis_audit_chain_ok 1"))
            #expect(metrics.contains(#"jarvis_audit_records_total{event="intent"} 1"#))
            #expect(metrics.contains(#"jarvis_audit_records_total{event="lift"} 1"#))
            server.end(SIGTERM)
            try await eventually("it ends") { !server.isRunning }
        }
        try await exported(installation)
        try await damaged(installation)
    }

    private func exported(_ installation: Installation) async throws {
        #expect(try await run(installation, "jarvis audit export --output log.jsonl").status == 0)
        let text = try String(contentsOfFile: installation.folder.path + "/log.jsonl", encoding: .utf8)
        let lines = text.split(separator: "\n")
        let events = lines.dropLast().map { line in line.firstMatch(of: /"event":"(\w+)"/).map { String($0.1) } }
        #expect(events == ["intent", "receipt", "hold", "lift"])
        #expect(text.contains(#""actor":"jarvis""#) && text.contains(#""actor":"person:operator""#))
        #expect(text.contains(#""why":"holiday""#))
        let attributes = try FileManager.default.attributesOfItem(atPath: installation.folder.path + "/log.jsonl")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try await run(installation, "jarvis audit export | cmp - log.jsonl | grep -v differ").text == "")
        let ok = "audit: records=4 chain=ok head=ok"
        #expect(try await run(installation, "jarvis audit verify --file log.jsonl").text == ok)
        #expect(try await run(installation, "cat log.jsonl | jarvis audit verify --file -").text == ok)
        #expect(
            try await run(
                installation,
                "jarvis audit export --since-sequence 2 > part.jsonl; head -n 2 log.jsonl | cat - part.jsonl | jarvis audit verify --file -"
            ).text == ok)
        #expect(
            try await run(installation, "jarvis audit verify --file part.jsonl --json").text
                == #"{"chain":"ok","head":"ok","records":2}"#)
        // Where there is no data directory the key must be known from elsewhere.
        let key = try #require(lines.last?.firstMatch(of: /"publicKey":"([^"]+)"/)?.1)
        let elsewhere = "mkdir -p other && cd other && JARVIS_CONFIG= jarvis audit verify --file ../log.jsonl"
        #expect(try await run(installation, elsewhere).status == 2)
        #expect(try await run(installation, "\(elsewhere) --public-key \(key)").text == ok)
        for (edit, fault) in [
            ("sed 2s/exited/exITed/", "sequence=2 fault=edited"), ("sed 2d", "sequence=2 fault=gap"),
            ("sed '2{h;d};3G'", "sequence=2 fault=reordered"), ("head -n 3", "sequence=4 fault=cut"),
            ("sed 4d", "sequence=4 fault=cut"), ("sed 's/2/3/'", "fault=edited"),
        ] {
            let found = try await run(installation, "\(edit) log.jsonl | jarvis audit verify --file -")
            #expect(found.text.contains("chain=broken") && found.text.contains(fault), "\(edit): \(found.text)")
            #expect(found.status == 1)
        }
    }

    private func damaged(_ installation: Installation) async throws {
        #expect(try await run(installation, "cp data/jarvis.sqlite whole.sqlite").status == 0)
        for (statement, fault) in [
            (
                "UPDATE audit SET record = replace(record, 'jarvis', 'nobody') WHERE sequence = 1",
                "sequence=1 fault=edited"
            ),
            ("DELETE FROM audit WHERE sequence = 3", "sequence=3 fault=gap"),
            ("DELETE FROM audit WHERE sequence = 4", "sequence=4 fault=cut"),
        ] {
            #expect(try await run(installation, "cp whole.sqlite data/jarvis.sqlite").status == 0)
            try await tamper(installation, statement)
            let found = try await run(installation, "jarvis audit verify --head head.json")
            #expect(found.text.contains("chain=broken") && found.text.contains(fault), "\(found.text)")
            #expect(found.status == 1)
        }
        // Only the head knows of the cut tail.
        #expect(try await run(installation, "jarvis audit verify").text == "audit: records=3 chain=ok head=none")
        try await tamper(installation, "UPDATE audit SET record = '{}' WHERE sequence = 2")
        #expect(try await run(installation, "jarvis audit head").status == 1)
        #expect(try await run(installation, "jarvis audit export --output broken.jsonl").status == 1)
        #expect(!FileManager.default.fileExists(atPath: installation.folder.path + "/broken.jsonl"))
        // It starts all the same, and says so.
        try await installation.serving { server in
            try await eventually("it says that the log is broken") { server.text.contains("NOT WHAT WAS WRITTEN") }
            let metrics = String(decoding: try await installation.get("/metrics").body, as: UTF8.self)
            #expect(metrics.contains("jarvis_audit_chain_ok 0"))
        }
        #expect(try await run(installation, "rm data/audit.key; jarvis audit head").status == 2)
        #expect(try await run(installation, "rm data/jarvis.sqlite; jarvis audit verify").status == 2)
    }
}
