// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisApp
import JarvisCore
import Testing

@Suite struct `The configuration` {
    @Test func `of an empty file is the defaults`() throws {
        let configuration = try read("")
        #expect(configuration == Configuration())
        #expect(configuration.dataDirectory == "./data")
        #expect(configuration.server.listen.description == "127.0.0.1:8480")
        #expect(configuration.server.maximumBodyBytes == 8_388_608)
        #expect(configuration.autonomy == AutonomyPolicy(rules: [], fallback: .approve))
        #expect(configuration.approvalExpiry == .seconds(86400))
        #expect(configuration.timing.alertRepeatCooldown == .seconds(300))
        #expect(configuration.timing.escalationCooldown == .seconds(14400))
        #expect(Array(configuration.inventory.hosts.keys) == [.local])
    }

    @Test func `allows nothing to be started while the database is away, unless it says so`() throws {
        let database = "database: {url: \"postgresql://db/jarvis\"%}\n"
        let hosts = "hosts: [{name: skynet, user: jarvis, containers: [pg], units: [pg.service]}]"
        func repair(_ text: String) throws -> Configuration.DatabaseRepair? {
            try read(database.replacing("%", with: text) + hosts).databaseRepair
        }
        #expect(try repair("") == nil)
        let skynet = try #require(HostName("skynet"))
        let container = try #require(try repair(", repair: {host: skynet, container: pg}"))
        #expect(container.target == Target(host: skynet, kind: .container, name: "pg"))
        #expect(container.after == .seconds(120))
        let unit = try #require(try repair(", repair: {host: skynet, unit: pg.service, after: 5m}"))
        #expect(unit.target == Target(host: skynet, kind: .unit, name: "pg.service") && unit.after == .seconds(300))
    }

    @Test func `holds the inventory as it is declared`() throws {
        let configuration = try read(
            """
            hosts:
              - name: nexus
                address: 192.168.0.11
                port: 2222
                user: jarvis
                key: keys/id
                sudo: [units]
                max_sessions: 3
                labels: {instance: ["192.168.0.11:9100", "192.168.0.11:8081"], host: nexus}
                containers: [web, {name: api, probes: [{http: "http://h:8080/x?y=1", status: 204, contains: hi}]}]
                units: [{name: demo.service, probes: [{tcp: "[::1]:80"}]}]
              - name: local
                services: [{name: app, argv: [/bin/app, --port, "90"], probes: [{http: http://l/, echoes_nonce: true}]}]
            """, directory: "/etc/jarvis")
        let service = try #require(
            DeclaredService(name: try ServiceName("app"), argv: ["/bin/app", "--port", "90"]))
        let name = try #require(HostName("nexus"))
        let nexus = Host(
            name: name,
            connection: .ssh(
                SSHEndpoint(
                    address: "192.168.0.11", port: 2222, user: "jarvis", identityFile: "/etc/jarvis/keys/id",
                    maximumSessions: 3)),
            rootKinds: [.unit],
            labels: ["instance": ["192.168.0.11:9100", "192.168.0.11:8081"], "host": ["nexus"]],
            targets: [
                DeclaredTarget(kind: .container, name: "web"),
                DeclaredTarget(
                    kind: .container, name: "api",
                    probes: [.http(url: "http://h:8080/x?y=1", status: 204, contains: "hi")]),
                DeclaredTarget(kind: .unit, name: "demo.service", probes: [.tcp(host: "::1", port: 80)]),
            ])
        let local = Host(
            name: .local, connection: .local,
            targets: [
                DeclaredTarget(
                    kind: .service, name: "app", probes: [.http(url: "http://l/", echoesNonce: true)], service: service)
            ])
        #expect(configuration.inventory == Inventory([nexus, local]))
    }

    @Test func `connects to a host by its name when no address is given`() throws {
        let configuration = try read("hosts: [{name: nas, user: admin}]\n")
        let host = try #require(HostName("nas").flatMap { configuration.inventory.hosts[$0] })
        #expect(host.connection == .ssh(SSHEndpoint(address: "nas", user: "admin")))
        #expect(configuration.inventory.hosts[.local]?.connection == .local)
    }

    @Test func `says which hosts are guarded`() throws {
        let configuration = try read("hosts: [{name: nas, user: u, guarded: true}, {name: pi, user: u}]\n")
        let guarded = configuration.inventory.hosts.values.filter(\.isGuarded).map(\.name.text)
        #expect(guarded == ["nas"])
        let capped = try read("hosts: [{name: nas, user: u, guarded: true, guard_cap: highRisk}]\n")
        #expect(capped.inventory.hosts.values.first { $0.name.text == "nas" }?.guardCap == .highRisk)
    }

    @Test func `holds autonomy rules in their order`() throws {
        let configuration = try read(
            """
            hosts: [{name: nexus, user: jarvis, containers: [web], units: [a.service]}]
            autonomy:
              default: observe
              rules:
                - {level: auto, host: nexus, pattern: container-down}
                - {level: approve, class: highRisk, target: container web on nexus}
                - {level: auto, class: disruptive, host: nexus, target: {kind: unit, name: a.service}}
                - {level: observe, target: host local}
            """)
        let nexus = try #require(HostName("nexus"))
        #expect(
            configuration.autonomy
                == AutonomyPolicy(
                    rules: [
                        .init(level: .auto, host: nexus, pattern: "container-down"),
                        .init(
                            level: .approve, maximumClass: .highRisk,
                            target: Target(host: nexus, kind: .container, name: "web")),
                        .init(
                            level: .auto, maximumClass: .disruptive, host: nexus,
                            target: Target(host: nexus, kind: .unit, name: "a.service")),
                        .init(level: .observe, target: Target(host: .local, kind: .host, name: "local")),
                    ], fallback: .observe))
    }

    @Test func `starts relative paths at the file and home at HOME`() throws {
        let text = "data: ./store\nssh: {config: ~/.ssh/other}\npatterns: {directory: mine}\n"
        let configuration = try read(text, environment: ["HOME": "/home/u"], directory: "/etc/jarvis")
        #expect(configuration.dataDirectory == "/etc/jarvis/store")
        #expect(try read("", directory: "/etc/jarvis").dataDirectory == "/etc/jarvis/data")
        #expect(try read("data: ./data", directory: "").dataDirectory == "/data")
        #expect(configuration.ssh.configurationFile == "/home/u/.ssh/other")
        #expect(configuration.patternsDirectory == "/etc/jarvis/mine")
        #expect(try read("", environment: ["HOME": "/home/u"]).ssh.configurationFile == "/home/u/.ssh/config")
        #expect(try read("ssh: {config: none}", environment: ["HOME": "/h"]).ssh.configurationFile == nil)
    }

    @Test func `may listen for other machines only when told so, and says what that means`() throws {
        let report = ConfigurationReader(environment: [:]).read(
            Array("server: {listen: \"0.0.0.0:80\", allow_remote: true}".utf8))
        #expect(report.configuration?.server.listen.description == "0.0.0.0:80")
        #expect(
            report.notes.map(\.description) == [
                "jarvis.yaml:1:18: server.listen: other machines reach it without TLS; put a reverse proxy with TLS in"
                    + " front"
            ])
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("[::1]:8480", true), ("localhost:0", true), ("127.9.9.9:65535", true),
        ("0.0.0.0:80", false), ("[::]:80", false), ("192.168.0.1:80", false),
    ])
    func `tells loopback addresses from others`(text: String, isLoopback: Bool) {
        #expect(ListenAddress(text)?.isLoopback == isLoopback)
    }

    @Test(arguments: ["", ":80", "80", "host:80", "127.0.0.1", "127.0.0.1:", "::1:80", "1.2.3.4:65536", "1.2.3.4:+1"])
    func `accepts nothing else as an address to listen on`(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func `that can't be read as a file is one fault`() {
        let report = ConfigurationReader(environment: [:]).read(file: "/nonexistent/jarvis.yaml")
        #expect(report.configuration == nil)
        #expect(report.faults.map(\.description) == ["/nonexistent/jarvis.yaml: there is no such file"])
    }

    @Test func `is checked against the patterns once they are known`() throws {
        let text = """
            autonomy:
              rules:
                - {level: auto, pattern: container-dwon}
                - {level: auto, pattern: host-down}
            """
        let report = ConfigurationReader(environment: [:]).read(Array(text.utf8))
        let shipped = try #require(PatternLoader().shipped().catalog)
        #expect(
            report.faults(against: shipped).map(\.description) == [
                "jarvis.yaml:3:30: autonomy.rules[0].pattern: there is no pattern 'container-dwon'; did you mean"
                    + " 'container-down'?"
            ])
    }

    private func read(
        _ text: String, environment: [String: String] = [:], directory: String = "."
    ) throws -> Configuration {
        let report = ConfigurationReader(environment: environment).read(Array(text.utf8), directory: directory)
        #expect(report.faults.map(\.description) == [])
        return try #require(report.configuration)
    }
}
