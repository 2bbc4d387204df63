// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisTestSupport
import Testing

@Suite struct PolicyFileTests {
    static let file = """
        # What is special here.
        protect container vaultkeeper locked
        host files.example.org
        refuse docker exec

        grammars
        program homelabctl

        homelabctl status [NAME] : observe
          -v --verbose
          allow homelabctl status web
          refuse homelabctl status --host=203.0.113.9
        """

    @Test func `a file protects, refuses and teaches a program`() throws {
        let shipped = try ShippedPolicy.get()
        let policy = try shipped.reading(Self.file, name: "own.policy")
        #expect(ShippedPolicyText.classOf("docker restart vaultkeeper", policy) == .forbidden)
        #expect(ShippedPolicyText.classOf("docker restart vaultkeeper", shipped) == .bounded)
        #expect(ShippedPolicyText.classOf("docker exec web df -h", policy) == .forbidden)
        #expect(ShippedPolicyText.classOf("sudo docker exec web df -h", policy) == .forbidden)
        #expect(ShippedPolicyText.classOf("ping -c 3 files.example.org", policy) == .observe)
        #expect(ShippedPolicyText.classOf("homelabctl status -v", policy) == .observe)
        #expect(ShippedPolicyText.classOf("homelabctl status -v", shipped) == .forbidden)
    }

    @Test func `a cap only narrows`() throws {
        let shipped = try ShippedPolicy.get()
        let policy = try shipped.reading("cap bounded\ncap disruptive", name: "own.policy")
        #expect(ShippedPolicyText.classOf("docker restart web", policy) == .bounded)
        #expect(ShippedPolicyText.classOf("docker stop web", policy) == .forbidden)
    }

    @Test(arguments: [
        "nonsense", "protect container web", "protect thing web own", "protect container web somehow", "read etc/x",
        "network 10.0.0.0", "network 10.0.0.1/24", "cap forbidden", "cap", "service 10.0.0.1",
        "grammars\nprogram docker\n\ndocker x : observe\n  allow docker x\n  refuse docker y",
        "grammars\nprogram tool\n\ntool x : observe", "grammars\nprogram tool\n\ntool x : observe\n  allow tool x",
        "grammars\nprogram tool\n\ntool x : observe\n  allow tool y\n  refuse tool z",
        "grammars\nprogram tool\n\ntool x : observe\n  allow tool x\n  refuse tool x",
    ])
    func `a file with a mistake is no policy at all`(_ text: String) throws {
        let shipped = try ShippedPolicy.get()
        let fault = #expect(throws: GrammarFault.self) { try shipped.reading(text, name: "own.policy") }
        #expect(fault?.table == "own.policy")
        #expect((fault?.line ?? 0) > 0)
    }

    /// Each: tables, the line that is named, and what is said of it.
    @Test(arguments: [
        ("program tool\n\ntool a : observe\n  allow tool a\n  refuse tool x\ntool b : observe", 7, "'tool b'"),
        ("program tool\n\ntool a : observe\n  allow tool a\ntool b : observe\n  allow tool b", 2, "'refuse'"),
        // An example that another form takes shows nothing of this one: the riskier one goes before.
        (
            "program tool\n\ntool NAME : observe\n  allow tool x\n  refuse tool -x\ntool x : bounded, does change\n"
                + "  allow tool x", 5, "must be observe"
        ),
        (
            "program tool\n\ntool [NAME] : observe\n  allow tool x\n  refuse tool -x\ntool NUMBER : observe\n"
                + "  allow tool 5", 7, "'tool NUMBER'"
        ),
        // What is refused for its shell alone shows nothing of the program.
        ("program tool\n\ntool a : observe\n  allow tool a\n  refuse tool a; id `id`", 2, "'refuse'"),
        ("program one two\n\none a : observe\n  allow two a\n  refuse three a", 2, "'refuse'"),
        (
            "program one\nprogram two\n\none a | two a : observe\n  allow one a\n  refuse one b\n  refuse two b", 3,
            "two has no 'allow'"
        ),
        ("program tool\n\ntool a : observe\n  allow docker ps\n  refuse tool b", 2, "'allow'"),
    ])
    func `an operator's grammar shows each form and each program by examples`(
        _ tables: String, _ line: Int, _ said: String
    ) throws {
        let shipped = try ShippedPolicy.get()
        let fault = #expect(throws: GrammarFault.self) {
            try shipped.reading("grammars\n" + tables, name: "own.policy")
        }
        #expect(fault?.table == "own.policy")
        #expect(fault?.line == line, "\(fault?.description ?? "none")")
        #expect(fault?.message.contains(said) == true, "\(fault?.description ?? "none")")
    }

    @Test(arguments: [
        "docker nuke : observe\n  allow docker nuke\n  refuse docker nuke x", "docker ...\n  -H --host NAME",
        "program tool\n\ntool x | docker x : observe\n  allow tool x\n  refuse tool y",
    ])
    func `an operator's grammar adds nothing to a program of the shipped tables`(_ tables: String) throws {
        let shipped = try ShippedPolicy.get()
        let fault = #expect(throws: GrammarFault.self) {
            try shipped.reading("grammars\n" + tables, name: "own.policy")
        }
        #expect(fault?.message == "the form begins with no program of this table")
        // Nor in a guard, which reads only what the command needs.
        #expect(throws: GrammarFault.self) {
            try Policy.shipped(for: "docker nuke").reading("grammars\n" + tables, name: "own.policy")
        }
    }

    @Test func `two policies that judge differently have different identities`() throws {
        let shipped = try ShippedPolicy.get()
        #expect(try Policy.shipped().identity == shipped.identity)
        let others = [
            Self.file, "protect container web own", "protect container web locked", "cap bounded", "host a", "probe a",
            "read /x", "list /x", "stacks /x/", "databases /x/", "network 10.0.0.0/24", "service http://x/",
            "action http://x",
            "stateful x", "refuse x",
        ]
        let identities = try others.map { try shipped.reading($0, name: "own").identity } + [shipped.identity]
        #expect(Set(identities).count == identities.count)
    }
}
