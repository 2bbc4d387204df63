// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisApp
import JarvisTestSupport
import Testing

@Suite struct SelfAwarenessTests {
    @Test(arguments: [
        ("0::/system.slice/homelab-responder.service", ["homelab-responder"]),
        ("0::/system.slice/jarvis@lab.service/worker", ["jarvis"]),
        ("0::/user.slice/user-1000.slice/session-3.scope", []), ("", []), ("nonsense\n::::\n0::/", []),
    ])
    func `a process knows its unit`(_ text: String, _ wanted: [String]) {
        #expect(SelfAwareness.units(cgroups: text) == wanted)
    }

    @Test func `its own unit may only be restarted, and only by a person`() throws {
        let policy = SelfAwareness.protect(
            try ShippedPolicy.get(), cgroups: "0::/system.slice/homelab-responder.service")
        #expect(try policy.assess("systemctl restart homelab-responder").commandClass == .highRisk)
        #expect(throws: Refusal.self) { try policy.assess("systemctl stop homelab-responder") }
        #expect(throws: Refusal.self) { try policy.assess("docker restart 0123456789ab") }
        #expect(try ShippedPolicy.get().assess("systemctl restart homelab-responder").commandClass == .bounded)
    }
}
