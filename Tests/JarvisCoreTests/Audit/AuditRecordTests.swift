// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@Suite struct `A record of the audit log` {
    @Test func `is written in one way, on one line, and comes back as it was`() throws {
        var record = AuditRecord(.receipt, by: .person("ada"), at: StoreSamples.start + 0.5)
        record.host = .local
        record.target = Target(host: .local, kind: .container, name: "web")
        record.action = .containerStart
        record.step = 1
        record.command = "'docker' 'start' 'web/\u{301}\n\"'"
        record.commandClass = .bounded
        record.ending = "exited"
        record.exitStatus = -1
        record.milliseconds = 1_500
        let text = try record.text()
        #expect(
            text == """
                {"action":"container.start","actor":"person:ada","at":"2023-11-14T22:13:20.500000Z","class":"bounded",\
                "command":"'docker' 'start' 'web/\u{301}\\n\\"'","ending":"exited","event":"receipt","exitStatus":-1,\
                "host":"local","milliseconds":1500,"step":1,"target":{"host":"local","kind":"container","name":"web"}}
                """)
        #expect(try JSONDecoder().decode(AuditRecord.self, from: Data(text.utf8)) == record)
        for number in 1...9 { #expect(!(try StoreSamples.auditRecord(number).text().contains("\n"))) }
    }

    @Test func `never takes a person for Jarvis itself`() throws {
        let actors: [(AuditActor, String)] = [
            (.jarvis, "jarvis"), (.person(nil), "person"), (.person("jarvis"), "person:jarvis"),
            (.person(""), "person:"), (.person("person:x"), "person:person:x"),
        ]
        for (actor, text) in actors {
            let stored = try JSONEncoder().encode([actor])
            #expect(String(decoding: stored, as: UTF8.self) == "[\"\(text)\"]")
            #expect(try JSONDecoder().decode([AuditActor].self, from: stored) == [actor])
        }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([AuditActor].self, from: Data("[\"x\"]".utf8)) }
    }
}

@Suite struct `A signed head` {
    private func signer(_ number: UInt8) throws -> Ed25519.Signer {
        try #require(Ed25519.Signer(seed: [UInt8](repeating: number, count: 32)))
    }

    private func isSigned(_ head: AuditHead, with signer: Ed25519.Signer) -> Bool {
        head.isSigned(with: signer.publicKey) { Ed25519.isValid($0, for: $1, publicKey: $2) }
    }

    @Test func `holds for its own number, hash, time and key alone`() throws {
        let signer = try signer(1)
        let place = AuditPosition(sequence: 11, hash: String(repeating: "a", count: 64))
        let head = AuditHead(place, at: StoreSamples.start, publicKey: signer.publicKey, sign: signer.sign)
        #expect(head.position == place && isSigned(head, with: signer))
        #expect(!isSigned(head, with: try self.signer(2)))
        let line = String(decoding: try AuditLine.head(head).bytes(), as: UTF8.self)
        #expect(AuditLine(line.utf8) == .head(head))
        for (part, other) in [
            ("\"sequence\":11", "\"sequence\":1"), ("aaaa", "aaab"), ("2023-11-14", "2023-11-15"),
            (String(head.signature.prefix(4)), "AAAA"),
        ] {
            let changed = AuditLine(line.replacing(part, with: other, maxReplacements: 1).utf8)
            guard case .head(let forged) = changed else {
                Issue.record("\(part) gives no head")
                continue
            }
            #expect(forged != head && !isSigned(forged, with: signer), "\(part)")
        }
    }
}

@Suite struct `A line of an export` {
    @Test func `is read as it was written`() throws {
        for entry in try AuditChain.sample(9) {
            #expect(AuditLine(try AuditLine.record(entry).bytes()) == .record(entry))
            let anchor = AuditLine.anchor(AuditPosition(sequence: entry.sequence, hash: entry.hash))
            #expect(AuditLine(try anchor.bytes()) == anchor)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"sequence":1}"#, #"{"sequence":01,"hash":"H","record":{}}"#,
        #"{"sequence":1,"hash":"short","record":{}}"#, #"{"sequence":1,"hash":"H","record":{"#,
        #"{"sequence":-,"hash":"H","record":{}}"#, #"{"sequence":1,"hash":"H","other":{}}"#,
        #" {"sequence":1,"hash":"H","record":{}}"#, #"{"sequence":99999999999999999999,"hash":"H"}"#,
    ])
    func `that nothing of ours wrote is none`(_ text: String) {
        #expect(AuditLine(text.replacing("H", with: String(repeating: "a", count: 64)).utf8) == nil)
    }
}
