// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandPolicy

@Suite struct DenyListTests {
    @Test func `every entry has a reason and refuses its own example, alone and behind sudo`() throws {
        let list = try DenyList(DenyList.shippedText, name: "denials.txt")
        #expect(list.count >= 68)
        try list.checkExamples()
        for entry in list.entries.values.flatMap({ $0 }) + list.families {
            #expect(!entry.reason.isEmpty)
            let example = try CommandList(parsing: entry.example)
            let words = try #require(example.pipelines.first?.commands.first?.words)
            #expect(throws: Refusal.self, "\(entry.example)") { try list.check(example) }
            for prefix in [["sudo"], ["sudo", "-n"], ["/usr/bin/sudo", "-E", "-n"]] {
                #expect(throws: Refusal.self, "\(entry.example)") { try list.check(CommandList(words: prefix + words)) }
            }
            let there = ["/usr/local/bin/" + words[0]] + words.dropFirst()
            #expect(throws: Refusal.self, "\(entry.example)") { try list.check(CommandList(words: there)) }
        }
    }

    @Test func `no entry stands twice or behind one that refuses more`() throws {
        let list = try DenyList(DenyList.shippedText, name: "denials.txt")
        let words = (list.entries.values.flatMap { $0 } + list.families).map(\.words)
        #expect(Set(words).count == words.count)
        for entries in list.entries.values where entries.contains(where: { $0.words.count == 1 }) {
            #expect(entries.count == 1, "\(entries[0].words[0]) is refused as a whole already")
        }
    }

    @Test func `a command that the list says nothing of is none of its business`() throws {
        let list = try DenyList(DenyList.shippedText, name: "denials.txt")
        for text in ["docker restart web", "zfs list", "sudo -n systemctl restart nginx", "rm -f /tmp/x"] {
            try list.check(try CommandList(parsing: text))
        }
    }

    @Test(arguments: [
        "dd", "dd : writes", "dd :  : dd if=x", " : reason : dd", "* x : reason : a x", "dd : reason: dd if=/x",
    ])
    func `an entry without words, reason and example names its line`(_ line: String) {
        let fault = #expect(throws: GrammarFault.self) { try DenyList("# x\n\n\(line)", name: "own.txt") }
        #expect(fault?.table == "own.txt")
        #expect(fault?.line == 3)
    }

    @Test(arguments: [
        "dd : writes : cat x", "docker * --host : speaks elsewhere : docker ps", "rm -rf : deletes : rm -r -f /srv",
        "php* : runs : ph", "dd : writes : ", "dd : writes : dd 'x", "dd : writes : cat x | dd",
    ])
    func `an example that its entry does not refuse is a fault`(_ line: String) throws {
        let list = try DenyList(line, name: "own.txt")
        let fault = #expect(throws: GrammarFault.self) { try list.checkExamples() }
        #expect(fault?.line == 1)
    }
}
