// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport
import Testing

@testable import CommandPolicy

@Suite struct LinkChangeTests {
    private func command(_ text: String, _ more: String = "") throws -> (Policy, JudgedCommand) {
        let policy = try ShippedPolicy.get().reading(more, name: "test")
        return (policy, try #require(try policy.judge(text).first))
    }

    /// Text, state of the link before, what takes it back, the tunnel that must be down for it to be bounded.
    static let known: [(String, LinkState, String, String?)] = [
        ("systemctl restart wg-quick@wg0", .down, "'systemctl' 'stop' 'wg-quick@wg0'", "wg0"),
        ("systemctl start wg-quick@wg0.service", .down, "'systemctl' 'stop' 'wg-quick@wg0.service'", "wg0"),
        (
            "sudo -n systemctl start wg-quick@wg-home", .down, "'sudo' '-n' 'systemctl' 'stop' 'wg-quick@wg-home'",
            "wg-home"
        ),
        ("wg-quick up wg0", .down, "'wg-quick' 'down' 'wg0'", "wg0"),
        ("sudo wg-quick up wg0", .down, "'sudo' '-n' 'wg-quick' 'down' 'wg0'", "wg0"),
        ("wg-quick down wg0", .up, "'wg-quick' 'up' 'wg0'", nil),
        ("systemctl stop wg-quick@wg0", .up, "'systemctl' 'start' 'wg-quick@wg0'", nil),
        ("systemctl restart openvpn-client@home", .down, "'systemctl' 'stop' 'openvpn-client@home'", nil),
    ]

    @Test(arguments: known)
    func `the way back of a change of a link is known`(
        _ text: String, _ state: LinkState, _ revert: String, _ tunnel: String?
    ) throws {
        let (policy, command) = try command(text)
        #expect(command.commandClass == .highRisk)
        // Not inside the macro: it would print the whole policy.
        let found = policy.commitConfirmed(command, link: state)
        let confirmed = try #require(found)
        #expect(confirmed.revert.canonical == revert)
        #expect(confirmed.revert.commandClass == .highRisk)
        #expect(confirmed.tunnel == tunnel)
        #expect(confirmed.change.commandClass == (tunnel == nil ? .highRisk : .bounded))
        #expect(confirmed.change.canonical == command.canonical && confirmed.change.effects == command.effects)
    }

    static let unknown: [(String, LinkState)] = [
        // What is up, or not seen, has no state that a command would bring back.
        ("systemctl restart wg-quick@wg0", .up), ("systemctl restart wg-quick@wg0", .unknown),
        ("systemctl start wg-quick@wg0", .up), ("systemctl start wg-quick@wg0", .unknown),
        ("wg-quick up wg0", .up), ("wg-quick up wg0", .unknown), ("wg-quick down wg0", .down),
        ("systemctl stop wg-quick@wg0", .down), ("systemctl reload nftables", .down),
        // More than one thing, or no link.
        ("systemctl restart nginx", .down), ("systemctl start nftables", .down),
        ("docker restart wireguard", .down), ("systemctl start docker", .down), ("reboot", .down),
        ("systemctl restart --no-block wg-quick@wg0", .down), ("tailscale down", .up), ("docker ps", .down),
    ]

    @Test(arguments: unknown)
    func `everything else keeps its class`(_ text: String, _ state: LinkState) throws {
        let (policy, command) = try command(text)
        let found = policy.commitConfirmed(command, link: state)
        #expect(found == nil)
    }

    @Test func `names that are no interface make no tunnel`() throws {
        var judged = 0
        for name in ["wg0-with-a-long-name", "..", ".", "wg0.timer", "wg0.path", "wg0.socket", "wg0.service.timer"] {
            guard let (policy, command) = try? command("systemctl start wg-quick@\(name)") else { continue }
            judged += 1
            let confirmed = policy.commitConfirmed(command, link: .down)
            #expect(confirmed?.tunnel == nil && confirmed?.change.commandClass != .bounded, "\(name)")
        }
        #expect(judged >= 4)
    }

    @Test func `what the operator protects otherwise is not lowered`() throws {
        let text = "systemctl start wg-quick@wg0"
        for level in ["stateful", "carrier", "watcher"] {
            let (policy, command) = try command(text, "protect unit wg-quick \(level)")
            let found = policy.commitConfirmed(command, link: .down)
            #expect(found == nil, "\(level)")
        }
        #expect(throws: Refusal.self) { try command(text, "protect unit wg-quick locked") }
        #expect(throws: Refusal.self) { try command(text, "cap bounded") }
        // The way back must be allowed as well.
        let (policy, start) = try command(text, "refuse systemctl stop")
        let found = policy.commitConfirmed(start, link: .down)
        #expect(found == nil)
    }

    @Test func `a tunnel that is taken down is told by its interface`() throws {
        let (policy, stop) = try command("sudo -n systemctl stop wg-quick@wg0.service")
        let tunnel = policy.tunnelTakenDown(by: stop)
        #expect(tunnel == "wg0")
        for text in [
            "systemctl start wg-quick@wg0", "systemctl stop openvpn-client@home", "systemctl stop nginx", "docker ps",
        ] {
            let (policy, other) = try command(text)
            let tunnel = policy.tunnelTakenDown(by: other)
            #expect(tunnel == nil, "\(text)")
        }
    }
}
