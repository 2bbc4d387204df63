// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import Testing

@testable import JarvisApp

@Suite struct `The environment` {
    @Test func `goes before the file`() throws {
        let report = read(
            "server: {listen: 127.0.0.1:1, max_connections: 7}\nprometheus: {url: http://file, timeout: 9s}\n",
            [
                "JARVIS_SERVER_LISTEN": "127.0.0.1:2", "JARVIS_LOG_LEVEL": "debug",
                "JARVIS_APPROVALS_EXPIRE_AFTER": "2h",
                "JARVIS_SERVER_ALLOW_REMOTE": "true", "PROMETHEUS_URL": "http://seed:9090/", "JARVIS_DATA": "store",
            ])
        let configuration = try #require(report.configuration)
        #expect(configuration.server.listen.port == 2)
        #expect(configuration.server.maximumConnections == 7)
        #expect(configuration.server.allowsRemote)
        #expect(configuration.log.level == .debug)
        #expect(configuration.approvalExpiry == .seconds(7200))
        #expect(configuration.prometheus?.url == "http://seed:9090")
        #expect(configuration.prometheus?.timeout == .seconds(9))
        #expect(configuration.dataDirectory == "store")
    }

    @Test func `prefers our own name to the common one, and an empty variable is not set`() {
        let both = read("", ["PROMETHEUS_URL": "http://common", "JARVIS_PROMETHEUS_URL": "http://own"])
        #expect(both.configuration?.prometheus?.url == "http://own")
        let empty = read("", ["PROMETHEUS_URL": "http://common", "JARVIS_PROMETHEUS_URL": ""])
        #expect(empty.configuration?.prometheus?.url == "http://common")
        let alerting = read("", ["ALERTMANAGER_URL": "http://alerts:9093/"])
        #expect(alerting.configuration?.alertmanager == Configuration.Upstream(url: "http://alerts:9093"))
        let logs = read("", ["LOKI_URL": "http://logs:3100"])
        #expect(logs.configuration?.loki == Configuration.Upstream(url: "http://logs:3100"))
    }

    @Test func `sets text that looks like a number as text`() {
        let report = read("", ["JARVIS_WEBHOOK_USERNAME": "12", "JARVIS_WEBHOOK_PASSWORD": "34"])
        #expect(report.configuration?.webhook.username == "12")
        #expect(report.configuration?.webhook.password == Secret("34"))
        #expect(report.notes.isEmpty)
    }

    @Test func `is checked like the file and named in the fault`() {
        let report = read(
            "", ["JARVIS_SERVER_LISTEN": "nowhere", "JARVIS_SERVER_LISTN": "x", "JARVIS_ZZZ": "", "PATH": "/bin"])
        #expect(
            report.faults.map(\.description) == [
                "environment variable JARVIS_SERVER_LISTEN: server.listen: expected an IP address and a port such as"
                    + " 127.0.0.1:8480, found 'nowhere'",
                "environment variable JARVIS_SERVER_LISTN: unknown name; did you mean 'JARVIS_SERVER_LISTEN'?",
                "environment variable JARVIS_ZZZ: unknown name",
            ])
    }

    @Test func `leaves a fault of the file on its way to the file`() {
        #expect(
            read("server: 5\n", ["JARVIS_SERVER_LISTEN": "127.0.0.1:1"]).faults.map(\.description)
                == ["jarvis.yaml:1:9: server: expected a mapping, found a number"])
    }

    @Test func `may hold names of features to come, with a note each`() {
        let names = [
            "HA_SUPERVISOR_URL", "HA_TOKEN", "HA_URL", "N8N_API_KEY", "N8N_URL",
            "RUNBOOK_DIR",
        ]
        let report = read("", Dictionary(uniqueKeysWithValues: names.map { ($0, "not even a URL") }))
        #expect(report.configuration == Configuration())
        #expect(
            report.notes.map(\.description) == names.map { "environment variable \($0): has no effect in this version" }
        )
    }

    @Test func `may hold what Kubernetes and Docker put there for a service called jarvis`() {
        let report = read(
            "",
            [
                "JARVIS_SERVICE_HOST": "10.0.0.1", "JARVIS_SERVICE_PORT": "80", "JARVIS_SERVICE_PORT_HTTP": "80",
                "JARVIS_PORT": "tcp://10.0.0.1:80", "JARVIS_PORT_80_TCP_ADDR": "10.0.0.1", "JARVIS_CONFIG": "/x",
            ])
        #expect(report.faults.isEmpty)
    }

    @Test func `can set every key that the readers know outside lists`() throws {
        // Each key is set to something no key accepts; a key that nothing reads would bring no fault.
        let upstreams = "prometheus: {url: http://p}\nalertmanager: {url: http://a}\nloki: {url: http://l}\n"
        for key in ConfigurationKey.all where !key.isSecret && !isFreeText(key.path) {
            let report = read(
                key.path.hasPrefix("database.repair.") ? Self.repair(key) : upstreams, [key.variable: "\u{1}:"])
            #expect(report.faults.map(\.keyPath) == [key.path], "\(key.path)")
        }
        for key in ConfigurationKey.all where key.isSecret {
            let report = read(upstreams, [key.variable: "\u{1}"])
            #expect(report.faults.contains { $0.keyPath == key.path }, "\(key.path)")
        }
    }

    /// Whole but for what the key sets; of container and unit there may be one only.
    private static func repair(_ key: ConfigurationKey) -> String {
        let target = key.path.hasSuffix(".unit") ? "" : ", container: pg"
        return """
            database: {url: "postgresql://db/j", repair: {host: skynet\(target)}}
            hosts: [{name: skynet, user: j, containers: [pg]}]
            """
    }

    private func isFreeText(_ path: String) -> Bool { path.hasSuffix(".username") && !path.hasPrefix("webhook") }

    private func read(_ text: String, _ environment: [String: String]) -> ConfigurationReport {
        ConfigurationReader(environment: environment).read(Array(text.utf8))
    }
}
