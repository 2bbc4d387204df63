// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import Testing

@testable import JarvisApp

@Suite struct `The example configuration` {
    private static let secrets = [
        "WEBHOOK_PASSWORD": "a", "WEBHOOK_TOKEN": "b", "PROMETHEUS_PASSWORD": "c", "ALERTMANAGER_TOKEN": "d",
        "LOKI_TOKEN": "e",
        "HOME": "/home/jarvis",
    ]

    @Test func `reads without faults and without notes`() throws {
        let report = read(ConfigurationExample.text)
        #expect(report.faults.map(\.description) == [])
        #expect(report.notes.map(\.description) == [])
        let patterns = try #require(PatternLoader().shipped().catalog)
        #expect(report.faults(against: patterns) == [])
    }

    @Test func `shows the defaults where it does not say otherwise`() throws {
        var configuration = try #require(read(ConfigurationExample.text).configuration)
        let standard = try #require(read("").configuration)
        configuration.server.externalURL = nil
        configuration.webhook = standard.webhook
        #expect(configuration.prometheus?.timeout == Configuration.Upstream(url: "").timeout)
        configuration.prometheus = nil
        #expect(configuration.alertmanager?.timeout == Configuration.Upstream(url: "").timeout)
        configuration.alertmanager = nil
        #expect(configuration.loki?.timeout == Configuration.Upstream(url: "").timeout)
        configuration.loki = nil
        configuration.inventory = standard.inventory
        configuration.autonomy = standard.autonomy
        configuration.patternsDirectory = nil
        configuration.policyFile = nil
        #expect(configuration == standard)
    }

    @Test func `mentions every key`() throws {
        let keys = try collectorOfExample().knownKeys
        let present = paths(of: try YAMLDocument(Array(ConfigurationExample.text.utf8)).root, at: "")
        #expect(Set(keys.map(general)).subtracting(present.map(general)).filter { !isElsewhere($0) } == [])
    }

    @Test func `and the environment know the same keys`() throws {
        let collector = try collectorOfExample()
        let isSection = { (key: String) in collector.knownKeys.contains { $0.hasPrefix(key + ".") } }
        let secrets = ConfigurationKey.all.filter(\.isSecret).map(\.path)
        let settings = collector.knownKeys.filter { key in
            !key.contains("[") && (!isSection(key) || secrets.contains(key))
                && !secrets.contains { key.hasPrefix($0 + ".") }
        }
        // The section of the shared database is shown as a comment only: it leaves no host "local".
        let database = ["url", "repair.host", "repair.container", "repair.unit", "repair.after"].map {
            "database." + $0
        }
        let all = settings.subtracting(["hosts", "autonomy.rules", "database"]).union(database)
        #expect(all == Set(ConfigurationKey.all.map(\.path)))
    }

    private func read(_ text: String) -> ConfigurationReport {
        ConfigurationReader(environment: Self.secrets).read(Array(text.utf8))
    }

    /// The reader itself is asked which keys it knows, so that a new key can't be forgotten.
    private func collectorOfExample() throws -> FaultCollector {
        let collector = FaultCollector(fileName: "example")
        let tree = try YAMLDocument(Array(ConfigurationExample.text.utf8)).root
        let root = try #require(SectionReader(tree, path: "", collector: collector))
        let context = ReadingContext(collector: collector, environment: Self.secrets, directory: ".") {
            (_, _) throws(BoundedFile.ReadError) in throw .missing
        }
        ConfigurationReader.read(root, context: context)
        return collector
    }

    /// A path without indexes, and with one name for the probes of all kinds of target.
    private func general(_ path: String) -> String {
        path.replacing(#/\[\d*\]/#, with: "[]")
            .replacing(#/(containers|units|(compose\[\]\.)?services)\[\]\.probes/#, with: "*.probes")
    }

    /// Alternatives that can't stand beside those the example shows, and where it shows them.
    private func isElsewhere(_ path: String) -> Bool {
        path.hasSuffix(".file")
            || [
                "prometheus.token", "alertmanager.username", "alertmanager.password", "loki.username", "loki.password",
            ].contains(path)
            || path.hasPrefix("database")
    }

    private func paths(of node: YAMLNode, at path: String) -> Set<String> {
        switch node.content {
        case .mapping(let entries):
            entries.reduce(into: []) { found, entry in
                let key = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                found.formUnion(paths(of: entry.value, at: key).union([key]))
            }
        case .sequence(let items): items.reduce(into: []) { $0.formUnion(paths(of: $1, at: path + "[]")) }
        default: []
        }
    }
}
