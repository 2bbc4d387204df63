// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import Testing

@Suite struct MetricsRegistryTests {
    static func sample() -> MetricsRegistry {
        let registry = MetricsRegistry()
        registry.declare(.counter, "jarvis_deliveries_total", help: "Deliveries taken.", labels: ["source"])
        registry.declare(.gauge, "jarvis_queue_jobs", help: "Jobs that wait.")
        registry.declare(
            .histogram([0.5, 1, 5]), "jarvis_commit_duration_seconds", help: "A commit.", labels: ["kind"])
        registry.add(1, to: "jarvis_deliveries_total", ["a"])
        registry.add(2.5, to: "jarvis_deliveries_total", ["b\\\"\n\u{202E}é"])
        registry.set(-3, of: "jarvis_queue_jobs")
        for value in [0.5, 0.51, 1, 7, 0] { registry.observe(value, in: "jarvis_commit_duration_seconds", ["x"]) }
        return registry
    }

    @Test func `the text is what Prometheus' own tool accepts`() throws {
        let tool = URL(filePath: "/usr/bin/promtool")
        guard FileManager.default.isExecutableFile(atPath: tool.path()) else { return }
        let file = FileManager.default.temporaryDirectory.appending(path: "jarvis-\(UUID().uuidString)")
        try Data(Self.sample().render().utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = tool
        process.arguments = ["check", "metrics"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said == "")
    }

    @Test func `values, buckets and escapes are as written`() {
        let lines = Self.sample().render().split(separator: "\n").map(String.init)
        let expected = [
            #"jarvis_deliveries_total{source="a"} 1"#, #"jarvis_deliveries_total{source="b\\\"\n"# + "\u{202E}é\"} 2.5",
            "jarvis_queue_jobs -3",
            #"jarvis_commit_duration_seconds_bucket{kind="x",le="0.5"} 2"#,
            #"jarvis_commit_duration_seconds_bucket{kind="x",le="1"} 4"#,
            #"jarvis_commit_duration_seconds_bucket{kind="x",le="5"} 4"#,
            #"jarvis_commit_duration_seconds_bucket{kind="x",le="+Inf"} 5"#,
            #"jarvis_commit_duration_seconds_sum{kind="x"} 9.01"#,
            #"jarvis_commit_duration_seconds_count{kind="x"} 5"#, "jarvis_metrics_dropped_series_total 0",
            "# TYPE jarvis_commit_duration_seconds histogram", "# HELP jarvis_queue_jobs Jobs that wait.",
        ]
        for line in expected { #expect(lines.contains(line), "\(line)") }
    }

    @Test func `a label value can't start a line of its own`() {
        let registry = MetricsRegistry()
        registry.declare(.counter, "a_total", help: "A.", labels: ["l"])
        registry.add(1, to: "a_total", ["x\"} 1\nforged_total 99\n#"])
        #expect(!registry.render().split(separator: "\n").contains { $0.hasPrefix("forged_total") })
    }

    @Test func `a family stops growing and says how often it refused`() {
        let registry = MetricsRegistry()
        registry.declare(.counter, "a_total", help: "A.", labels: ["l"])
        for number in 0..<1_500 { registry.add(1, to: "a_total", ["\(number)"]) }
        registry.add(1, to: "a_total", ["0"])
        let text = registry.render()
        #expect(text.split(separator: "\n").count { $0.hasPrefix("a_total{") } == 1_000)
        #expect(text.contains("jarvis_metrics_dropped_series_total 500\n"))
        #expect(text.contains("a_total{l=\"0\"} 2\n"))
    }

    @Test func `a name or a number of labels that was not declared is ignored`() {
        let registry = Self.sample()
        let before = registry.render()
        registry.add(1, to: "unknown_total")
        registry.add(1, to: "jarvis_deliveries_total", [])
        registry.add(1, to: "jarvis_deliveries_total", ["a", "b"])
        registry.declare(.gauge, "jarvis_queue_jobs", help: "Another text.")
        #expect(registry.render() == before)
    }

    @Test func `a declared family without labels is there before its first sample`() {
        let registry = MetricsRegistry()
        registry.declare(.counter, "a_total", help: "A.")
        registry.declare(.histogram([1]), "b_seconds", help: "B.")
        #expect(registry.render().contains("\na_total 0\n"))
        #expect(registry.render().contains("\nb_seconds_count 0\n"))
    }

    @Test func `numbers that are not finite are written, not trapped on`() {
        let registry = MetricsRegistry()
        registry.declare(.gauge, "g", help: "G.")
        for value in [Double.infinity, -.infinity, .nan, 1e300, -1e300, 1e15, 5e-300] {
            registry.set(value, of: "g")
            #expect(registry.render().contains("\ng "))
        }
    }

    @Test func `many tasks at once lose no count`() async {
        let registry = MetricsRegistry()
        registry.declare(.counter, "a_total", help: "A.")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { for _ in 0..<200 { registry.add(1, to: "a_total") } } }
        }
        #expect(registry.render().contains("\na_total 10000\n"))
    }
}
