// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisTestSupport
import Testing

@Suite struct CorpusTests {
    /// Labels that the specification itself decides otherwise, with the reason.
    static let disputed = [
        "L0297": "a post to a service asks a person first",
        "L0310": "a change through docker exec asks a person first",
        "L0318": "a VPN is the way to the host: every change asks a person first",
    ]

    @Test func `no adversarial command is ever more than its label allows`() throws {
        let policy = try ShippedPolicy.get()
        let entries = try Corpus.adversarial()
        #expect(entries.count >= 770)
        for entry in entries {
            let found = ShippedPolicyText.classOf(entry.command, policy)
            #expect(
                entry.isMet(by: found), "\(entry.id) \(entry.label): \(found.rawValue): \(entry.command.prefix(200))")
        }
    }

    @Test func `legitimate commands are judged as their labels say`() throws {
        let policy = try ShippedPolicy.get()
        let entries = try Corpus.legitimate()
        #expect(entries.count >= 300)
        for entry in entries where Self.disputed[entry.id] == nil {
            let found = ShippedPolicyText.classOf(entry.command, policy)
            #expect(entry.isMet(by: found), "\(entry.id) \(entry.label): \(found.rawValue): \(entry.command)")
        }
    }

    @Test func `a disputed label is never met by running more`() throws {
        let policy = try ShippedPolicy.get()
        let legitimate = try Corpus.legitimate()
        for id in Self.disputed.keys {
            let entry = try #require(legitimate.first { $0.id == id })
            #expect(!entry.isMet(by: ShippedPolicyText.classOf(entry.command, policy)), "\(id) is no dispute any more")
            #expect(ShippedPolicyText.classOf(entry.command, policy) > .bounded)
        }
    }

    @Test func `what is accepted is parsed back from its canonical form, with the same judgement`() throws {
        let policy = try ShippedPolicy.get()
        for entry in try Corpus.legitimate() {
            guard let judged = try? policy.assess(entry.command) else { continue }
            let again = try policy.assess(judged.canonical)
            #expect(again == judged, "\(entry.id)")
            #expect(try CommandList(parsing: judged.canonical).canonical == judged.canonical)
        }
    }
}
