// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisHosts
import Testing

@testable import JarvisApp

/// Compose projects, and actions on a host as a whole, as a configuration declares them.
@Suite struct `A host's compose projects and actions` {
    private static func report(_ lines: String) -> ConfigurationReport {
        ConfigurationReader(environment: [:]).read(
            Array(("hosts:\n  - name: nexus\n    user: jarvis\n" + lines).utf8))
    }

    private static func targets(_ lines: String) throws -> [DeclaredTarget] {
        let report = report(lines)
        let configuration = try #require(report.configuration, "\(report.faults)")
        return try #require(HostName("nexus").flatMap { configuration.inventory.hosts[$0] }).targets
    }

    @Test func `are targets of their own`() throws {
        let targets = try Self.targets(
            """
                compose:
                  - project: web
                    file: /opt/stacks/web/compose.yml
                    services: [proxy, {name: app, depends_on: proxy, container: web_app_1, probes: [{tcp: "h:80"}]}]
                actions: [apt.clean, {action: journal.vacuum, age: 30d}, {action: certificate.renew, certificate: a.b},
                          {action: certificate.renew, certificate: c.d}]

            """)
        let file = "/opt/stacks/web/compose.yml"
        let proxy = ComposeService(project: "web", file: file, service: "proxy", container: "web-proxy-1")
        let app = ComposeService(
            project: "web", file: file, service: "app", container: "web_app_1", dependencies: ["proxy"])
        #expect(
            targets == [
                DeclaredTarget(kind: .compose, name: "web/proxy", compose: proxy),
                DeclaredTarget(kind: .compose, name: "web/app", probes: [.tcp(host: "h", port: 80)], compose: app),
                DeclaredTarget(
                    kind: .host, name: "nexus",
                    actions: [
                        HostAction(.aptClean), HostAction(.journalVacuum, [.age: "30d"]),
                        HostAction(.certificateRenew, [.certificate: "a.b"]),
                        HostAction(.certificateRenew, [.certificate: "c.d"]),
                    ]),
            ])
    }

    @Test(arguments: [
        ("actions: [container.start]", "container.start acts on a container, not on the host"),
        (
            "actions: [journal.vacuum]",
            "journal.vacuum needs exactly one of 'size' and 'age': write {action: journal.vacuum, …}"
        ),
        ("actions: [{action: journal.vacuum, size: 1M}]", "size '1M' is not a size such as 500M, from 100M to 64G"),
        (
            "actions: [{action: journal.vacuum, size: 1G, age: 3d}]",
            "journal.vacuum needs exactly one of 'size' and 'age'"
        ),
        ("actions: [{action: apt.clean, size: 1G}]", "unknown key 'size' in hosts[0].actions[0]"),
        ("actions: [apt.clean, apt.clean]", "apt.clean is there twice"),
        ("actions: [apt.claen]", "did you mean 'apt.clean'?"),
        ("actions: [command]", "write the command: {command: TEXT}"),
        ("compose: [{project: web, file: /opt/a.yml}]", "name at least one service"),
        ("compose: [{project: web, file: opt/a.yml, services: [a]}]", "must be the absolute path of a .yml"),
        ("compose: [{project: web, file: /opt/a.sh, services: [a]}]", "must be the absolute path of a .yml"),
        ("compose: [{project: -p, file: /opt/a.yml, services: [a]}]", "not a compose name"),
        ("compose: [{project: web, file: /opt/a.yml, services: ['a b']}]", "not a compose name"),
        (
            "compose: [{project: web, file: /opt/a.yml, services: [app, {name: b, depends_on: [ap]}]}]",
            "'ap' is not among the project's services; did you mean 'app'?"
        ),
        (
            "compose: [{project: web, file: /opt/a.yml, services: [{name: a, depends_on: b}, {name: b, depends_on: a}]}]",
            "'a' depends on itself, through others or directly"
        ),
        ("compose: [{project: web, file: /opt/a.yml, services: [a, a]}]", "compose web/a on nexus is declared twice"),
        (
            "containers: [web-a-1]\n    compose: [{project: web, file: /opt/a.yml, services: [a]}]",
            "container web-a-1 on nexus is declared twice"
        ),
    ])
    func `with a mistake are refused with the reason`(_ lines: String, _ fault: String) {
        let report = Self.report("    \(lines)\n")
        #expect(report.configuration == nil)
        #expect(report.faults.contains { $0.description.contains(fault) }, "\(report.faults)")
    }

    @Test func `are allowed by sudo and by the guard word for word, each under its own kind`() throws {
        let policy = try Policy.shipped()
        let compose = ComposeService(project: "web", file: "/opt/stacks/web/compose.yml", service: "app")
        let targets = [
            DeclaredTarget(kind: .compose, name: compose.targetName, compose: compose),
            DeclaredTarget(
                kind: .host, name: "nexus",
                actions: [HostAction(.journalVacuum, [.size: "500M"]), HostAction(.dockerPruneImages)]),
        ]
        func rules(_ root: Set<Target.Kind>) throws -> [String] {
            let host = Host(
                name: try #require(HostName("nexus")),
                connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "jarvis")), rootKinds: root, targets: targets,
                isGuarded: true)
            let text = GuardPolicyText.text(
                for: host, in: Inventory([host]), under: policy, statement: "guard-key KEY", own: nil)
            #expect(text.contains("guard-cap disruptive\n"))
            #expect(text.contains("allow-target host this\n") && text.contains("allow-target stack app\n"))
            return try TargetSteps.rootRules(on: host, in: Inventory([host]), under: policy)
                .map { $0.words.joined(separator: " ") }
        }
        #expect(try rules([]).isEmpty)
        #expect(try rules([.host]) == ["journalctl --vacuum-size 500M"])
        let file = "docker compose -f /opt/stacks/web/compose.yml -p web"
        let containers = try rules([.container]).filter { !$0.hasPrefix("docker inspect") }
        #expect(
            containers == [
                "\(file) restart app", "docker logs --tail 100 web-app-1",
                "\(file) up -d --no-deps --no-build app",
                "docker events --since 1h --until 0s --filter container=web-app-1 --format {{.Action}} {{.Time}}",
                "docker image prune -f",
            ])
    }
}
