// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisApp
import JarvisTestSupport
import Testing

@Suite struct SelfAwarenessTests {
    static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test(arguments: [
        ("0::/system.slice/homelab-responder.service", ["unit/homelab-responder"]),
        ("0::/system.slice/jarvis@lab.service/worker", ["unit/jarvis"]),
        ("12:pids:/docker/\(id)\n1:name=systemd:/docker/\(id)", ["container/\(id)", "container/0123456789ab"]),
        ("0::/system.slice/docker-\(id).scope", ["container/\(id)", "container/0123456789ab"]),
        ("0::/machine.slice/libpod-\(id).scope/container", ["container/\(id)", "container/0123456789ab"]),
        ("0::/user.slice/user-1000.slice/session-3.scope", []), ("", []), ("nonsense\n::::\n0::/", []),
    ])
    func `a process knows its unit and container`(_ text: String, _ wanted: [String]) {
        let containers = OwnContainer.identifiers(cgroups: text, mounts: "")
        let found = SelfAwareness.surroundings(cgroups: text, containers: containers).map {
            "\($0.kind.rawValue)/\($0.name)"
        }
        #expect(Set(found) == Set(wanted))
    }

    @Test func `its own unit may only be restarted, and only by a person`() throws {
        let policy = SelfAwareness.protect(
            try ShippedPolicy.get(), cgroups: "0::/system.slice/homelab-responder.service", containers: [Self.id])
        #expect(try policy.assess("systemctl restart homelab-responder").commandClass == .highRisk)
        #expect(throws: Refusal.self) { try policy.assess("systemctl stop homelab-responder") }
        #expect(policy.settings.protection.levels[.container]?[Self.id] == .own)
        #expect(try ShippedPolicy.get().assess("systemctl restart homelab-responder").commandClass == .bounded)
    }
}
