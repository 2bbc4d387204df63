// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import Testing

@Suite struct InventoryTests {
    static func inventory() throws -> Inventory {
        let nexus = try #require(HostName("nexus"))
        let next = try #require(HostName("next"))
        return Inventory([
            Host(
                name: nexus, connection: .local,
                labels: ["instance": ["nexus:9100", "10.0.0.7:9100"], "host": ["both", "nexus"]],
                targets: [DeclaredTarget(kind: .container, name: "web")]),
            Host(name: next, connection: .local, labels: ["instance": ["next:9100"], "host": ["both", ""]]),
        ])
    }

    static let lookups: [(String, String, String?)] = [
        ("instance", "nexus:9100", "nexus"), ("instance", "10.0.0.7:9100", "nexus"), ("host", "nexus", "nexus"),
        ("host", "", "next"), ("remediation_host", "nexus", "nexus"),
        // Never a part of a value.
        ("instance", "nexus", nil), ("instance", "nexus:91000", nil), ("instance", "10.0.0.7", nil),
        ("instance", "xnexus:9100", nil), ("instance", "NEXUS:9100", nil), ("instance", "nexus:9100 ", nil),
        ("instance", "", nil), ("remediation_host", "nex", nil), ("remediation_host", "Nexus", nil),
        ("Instance", "nexus:9100", nil), ("hostname", "nexus", nil), ("name", "nexus", nil),
        // Claimed by two hosts: nobody knows.
        ("host", "both", nil),
    ]

    @Test(arguments: lookups)
    func `a label's whole value tells the host or nothing does`(_ label: String, _ value: String, _ host: String?)
        throws
    {
        #expect(try Self.inventory().host(label: label, value: value)?.name.text == host)
    }

    @Test func `only what the operator listed is a target`() throws {
        let inventory = try Self.inventory()
        let nexus = try #require(HostName("nexus"))
        let next = try #require(HostName("next"))
        #expect(inventory.declaration(of: Target(host: nexus, kind: .container, name: "web")) != nil)
        for target in [
            Target(host: nexus, kind: .unit, name: "web"), Target(host: next, kind: .container, name: "web"),
            Target(host: nexus, kind: .container, name: "web2"), Target(host: nexus, kind: .container, name: "Web"),
            Target(host: nexus, kind: .container, name: ""), Target(host: .local, kind: .container, name: "web"),
            Target(host: nexus, kind: .host, name: "nexus"),
        ] {
            #expect(inventory.declaration(of: target) == nil, "\(target)")
        }
    }

    @Test(arguments: [
        "", "-a", ".a", "A", "a b", "a/b", "a_b", "a\n", "a\u{0}", "é", "a;b", "../a", "@a",
        String(repeating: "a", count: 64),
    ])
    func `a host's name has one form`(_ text: String) {
        #expect(HostName(text) == nil)
    }

    @Test(arguments: ["a", "0", "nas.lan", "a-b", "10.0.0.7", String(repeating: "a", count: 63)])
    func `a host's name keeps its bytes`(_ text: String) {
        #expect(HostName(text)?.text == text)
    }

    @Test func `a target's description can't forge a line`() {
        let target = Target(host: .local, kind: .container, name: "web\nerror: all lost \u{202E}")
        #expect(target.description == "container web�error: all lost � on local")
    }
}
