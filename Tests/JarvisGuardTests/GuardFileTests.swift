// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import Testing

@testable import JarvisGuard

@Suite struct `The guard's own file` {
    @Test func `holds statements of the guard and of the policy`() throws {
        let file = try GuardFile(
            try Requests().file(
                "read /opt/app/ # mine\nguard-rate 3\nguard-path /opt/bin /bin\nprotect container web locked"),
            name: "f")
        #expect(file.settings.host == "testhost" && file.settings.cap == .bounded)
        #expect(file.settings.changesPerHour == 3 && file.settings.searchPath == ["/opt/bin", "/bin"])
        #expect(file.settings.targets == [.container: ["web"], .unit: ["nginx"]])
        #expect(try file.policy.assess("cat /opt/app/x.conf").commandClass == .observe)
        #expect(throws: Refusal.self) { try file.policy.assess("docker restart web") }
    }

    @Test func `allows nothing to change when it says nothing about it`() throws {
        let key = Base64.encode(try Requests().signer.publicKey)
        let settings = try GuardFile("guard-host h\nguard-key \(key)", name: "f").settings
        #expect(settings.cap == .observe && settings.targets.isEmpty)
    }

    @Test(arguments: [
        "guard-host other", "guard-key AAAA", "guard-cap forbidden", "guard-cap", "guard-rate -1", "guard-rate x",
        "guard-path bin", "guard-path /a:/b", "allow-target web", "allow-target thing web", "guard-unknown 1",
        "reed /opt/", "cap any", "grammars\nprogram x", "allow-target container web\nguard-caps observe",
    ])
    func `with one mistake means nothing at all`(_ line: String) throws {
        let text = try Requests().file(line)
        #expect(throws: GrammarFault.self) { try GuardFile(text, name: "f") }
    }

    @Test func `names the line of a mistake, also behind statements of its own`() throws {
        let text = try Requests().file("reed /opt/")
        do {
            _ = try GuardFile(text, name: "f")
        } catch {
            #expect(error.line == 6)
        }
    }

    @Test func `needs a host and a key`() throws {
        #expect(throws: GrammarFault.self) { try GuardFile("guard-host x", name: "f") }
        let key = Base64.encode(try Requests().signer.publicKey)
        #expect(throws: GrammarFault.self) { try GuardFile("guard-key \(key)", name: "f") }
    }
}

@Suite struct `The guard's memory` {
    @Test func `is read back as it was written`() {
        var state = GuardState()
        state.epoch = 9
        state.floor = 5
        state.intents = ["a": 1, "b-2": 3]
        state.changes = [4, 4, 5]
        #expect(GuardState(text: state.text) == state)
        #expect(GuardState(text: GuardState().text) == GuardState())
    }

    @Test func `is refused as a whole when anything in it is otherwise`() {
        var state = GuardState()
        state.intents = ["a": 1]
        let text = state.text
        for length in 0..<text.count { #expect(GuardState(text: String(text.prefix(length))) == nil) }
        #expect(GuardState(text: text.replacing("epoch 0", with: "epoch x")) == nil)
        #expect(GuardState(text: text.replacing("floor 0", with: "floor 00")) == nil)
        #expect(GuardState(text: text + "\n") == nil)
    }

    @Test func `that was lost accepts nothing that was signed before`() {
        var state = GuardState(lostAt: 1000)
        #expect(throws: Refusal.self) { try state.admit(intent: "a", expires: 1600, now: 1000, changesPerHour: 9) }
        #expect(throws: Never.self) { try state.admit(intent: "a", expires: 1700, now: 1100, changesPerHour: 9) }
    }
}

@Suite struct `The line of authorized_keys` {
    private static let body = "AAAAC3NzaC1lZDI1NTE5AAAAIGb5Dl7OIX3X1bnjXnFJyvnVN0tWlgyRZAcKJ4rWoTvd"

    @Test func `ties a key to the guard and takes everything else from it`() throws {
        let options = try CommandLineOptions(["print-authorized-key", "x.pub"])
        let line = try AuthorizedKey.line(publicKey: "ssh-ed25519 \(Self.body) me@pc\n", command: options.forcedCommand)
        #expect(line == "restrict,command=\"/usr/local/sbin/jarvis-guard serve\" ssh-ed25519 \(Self.body) jarvis")
    }

    @Test(arguments: [
        "", "-----BEGIN OPENSSH PRIVATE KEY-----", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa \(body)",
        "command=\"sh\" ssh-ed25519 \(body)", "ssh-ed25519 \(body)\nssh-ed25519 \(body)",
    ])
    func `is made for one public key only`(_ text: String) {
        #expect(throws: GuardError.self) { try AuthorizedKey.line(publicKey: text, command: "x") }
    }

    @Test(arguments: ["a\"b", "a\\b", "a\nb"])
    func `can't be broken out of`(_ path: String) {
        #expect(throws: GuardError.self) {
            try AuthorizedKey.line(publicKey: "ssh-ed25519 \(Self.body)", command: path)
        }
    }

    @Test func `options are understood or refused`() throws {
        let options = try CommandLineOptions(["serve", "--policy", "/p", "--state", "/s"])
        #expect(options.verb == "serve" && options.policyPath == "/p" && options.statePath == "/s")
        #expect(options.forcedCommand == "/usr/local/sbin/jarvis-guard serve --policy /p --state /s")
        for wrong in [["serve", "--polic", "x"], ["serve", "--policy"], ["serve", "--state", "/a", "--state", "/b"]] {
            #expect(throws: GuardError.self) { try CommandLineOptions(wrong) }
        }
    }
}
