// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisHosts
import Testing

@testable import JarvisApp

@Suite struct `What sudo is told on a host` {
    private func host(
        sudo: Set<Target.Kind>, _ targets: [(Target.Kind, String)], allowsUndo: Bool = false
    ) throws -> (Host, Inventory) {
        let host = Host(
            name: try #require(HostName("nexus")),
            connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "jarvis")), rootKinds: sudo,
            targets: targets.map { DeclaredTarget(kind: $0.0, name: $0.1) }, isGuarded: true,
            allowsUndo: allowsUndo)
        return (host, Inventory([host]))
    }

    private let targets: [(Target.Kind, String)] = [
        (.unit, "nginx.service"), (.unit, "app@a:b.service"), (.container, "web"), (.container, "a_b.c-d"),
    ]

    /// The line for the host is read by a real shell, whose `sudo` writes down what it was given.
    @Test func `is word for word what is sent`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done\n", to: "sudo", permissions: 0o755)
        let policy = try Policy.shipped()
        let (host, inventory) = try host(sudo: [.unit, .container], targets)
        let commands = TargetSteps.commands(on: host, in: inventory, under: policy)
        #expect(commands.count == 24)
        var sent: [[String]] = []
        for command in commands where command.canonical.hasPrefix("'sudo'") {
            let result = try await ChildProcess(
                executable: "/bin/sh", arguments: ["-c", command.canonical], environment: ["PATH": folder.path]
            ).run(deadline: .seconds(20))
            let words = result.standardOutput.split(separator: "\n").map(String.init)
            #expect(words.first == "-n")
            sent.append(Array(words.dropFirst()))
        }
        let rules = try TargetSteps.rootRules(on: host, in: inventory, under: policy)
        #expect(sent.count == 18 && rules.map(\.words) == sent)
        // Reading a unit needs no root.
        #expect(!rules.contains { ["show", "cat"].contains($0.arguments.first) })
    }

    @Test func `is nothing for what runs as the login user or may not be changed`() throws {
        let policy = try Policy.shipped()
        let (plain, inventory) = try host(sudo: [], targets)
        #expect(try TargetSteps.rootRules(on: plain, in: inventory, under: policy).isEmpty)
        let (units, second) = try host(sudo: [.unit], targets)
        let rules = try TargetSteps.rootRules(on: units, in: second, under: policy)
        #expect(rules.count == 6 && rules.count { $0.program == "systemctl" } == 4)
        #expect(rules.count { $0.program == "journalctl" } == 2)
        let (protected, third) = try host(sudo: [.unit], [(.unit, "sshd.service")])
        #expect(try TargetSteps.rootRules(on: protected, in: third, under: policy).isEmpty)
    }

    @Test func `holds what takes actions back only where the owner wants that`() throws {
        let policy = try Policy.shipped()
        let all: Set<Target.Kind> = [.unit, .container]
        let (careful, first) = try host(sudo: all, targets)
        let (willing, second) = try host(sudo: all, targets, allowsUndo: true)
        func changes(_ host: Host, _ inventory: Inventory) throws -> Set<String> {
            Set(try TargetSteps.rootRules(on: host, in: inventory, under: policy).compactMap(\.arguments.first))
        }
        #expect(try changes(careful, first).isDisjoint(with: ["stop", "pause"]))
        #expect(try changes(willing, second).isSuperset(of: ["stop", "pause", "unpause"]))
        let text = GuardPolicyText.text(
            for: willing, in: second, under: policy, statement: "guard-key KEY", own: nil)
        #expect(text.contains("guard-cap disruptive\n"))
    }

    @Test func `has a guard's file beside it that allows no more`() throws {
        let policy = try Policy.shipped()
        let (host, inventory) = try host(sudo: [.unit], targets + [(.unit, "sshd.service")])
        let text = GuardPolicyText.text(
            for: host, in: inventory, under: policy, statement: "guard-key KEY", own: "read /srv/logs/\n")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains("guard-host nexus") && lines.contains("guard-key KEY"))
        #expect(lines.contains("guard-cap bounded"))
        #expect(lines.filter { $0.hasPrefix("allow-target") }.count == 4)
        #expect(!text.contains("sshd"))
        #expect(lines.last == "read /srv/logs/" && text.hasSuffix("\n"))
        let (idle, empty) = try self.host(sudo: [], [])
        let observing = GuardPolicyText.text(for: idle, in: empty, under: policy, statement: "guard-key KEY", own: nil)
        #expect(observing.contains("guard-cap observe\n"))
    }

    /// The host takes such a change back by itself, so it must be allowed to.
    @Test func `has the way back of a link, which raises no cap`() throws {
        let policy = try Policy.shipped()
        let (host, inventory) = try host(sudo: [.unit], [(.unit, "wg-quick@wg0.service"), (.unit, "nginx.service")])
        let rules = try TargetSteps.rootRules(on: host, in: inventory, under: policy)
        let expected = ["start", "restart", "stop"].map { ["systemctl", $0, "wg-quick@wg0.service"] }
        let changes = rules.map(\.words).filter { $0.first == "systemctl" && $0.last == "wg-quick@wg0.service" }
        #expect(changes == expected)
        #expect(!rules.contains { $0.words == ["systemctl", "stop", "nginx.service"] })
        let text = GuardPolicyText.text(
            for: host, in: inventory, under: policy, statement: "guard-key KEY", own: nil)
        #expect(text.contains("guard-cap bounded\n"))
        let daring = Host(
            name: host.name, connection: host.connection, rootKinds: [.unit], targets: host.targets, isGuarded: true,
            guardCap: .highRisk)
        let wide = GuardPolicyText.text(
            for: daring, in: Inventory([daring]), under: policy, statement: "guard-key KEY", own: nil)
        #expect(wide.contains("guard-cap highRisk\n"))
        let plain = Host(name: host.name, connection: host.connection, rootKinds: [.unit], targets: host.targets)
        let unguarded = try TargetSteps.rootRules(on: plain, in: Inventory([plain]), under: policy)
        #expect(!unguarded.contains { $0.arguments.first == "stop" })
    }
}
