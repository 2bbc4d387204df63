// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The figures of one benchmark, in milliseconds.
struct Report: Sendable, Encodable {
    let runs: Int
    let ratioP50: Double
    let p50: Double
    let p99: Double
    let bareP50: Double
    let bareP99: Double
    let envelope: Double
    let descriptorsDelta: Int
    let processesDelta: Int

    enum CodingKeys: String, CodingKey {
        case runs
        case ratioP50 = "ratio_p50"
        case p50 = "p50_ms"
        case p99 = "p99_ms"
        case bareP50 = "bare_p50_ms"
        case bareP99 = "bare_p99_ms"
        case envelope = "envelope_ms"
        case descriptorsDelta = "fds_delta"
        case processesDelta = "processes_delta"
    }

    /// `plain` is `true` without any envelope; its difference to `bare` is what the envelope and `id` cost.
    init(runs: Int, ours: [Double], bare: [Double], plain: [Double], descriptorsDelta: Int, processesDelta: Int) {
        self.runs = runs
        p50 = Self.rounded(Self.quantile(ours, 0.5))
        p99 = Self.rounded(Self.quantile(ours, 0.99))
        bareP50 = Self.rounded(Self.quantile(bare, 0.5))
        bareP99 = Self.rounded(Self.quantile(bare, 0.99))
        ratioP50 = Self.rounded(Self.quantile(ours, 0.5) / Self.quantile(bare, 0.5))
        envelope = Self.rounded(Self.quantile(bare, 0.5) - Self.quantile(plain, 0.5))
        self.descriptorsDelta = descriptorsDelta
        self.processesDelta = processesDelta
    }

    var line: String {
        "ssh-bench: runs=\(runs) ratio_p50=\(ratioP50) p50_ms=\(p50) bare_p50_ms=\(bareP50) envelope_ms=\(envelope) "
            + "fds_delta=\(descriptorsDelta) processes_delta=\(processesDelta)"
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }

    private static func quantile(_ samples: [Double], _ part: Double) -> Double {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
