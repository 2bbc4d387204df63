// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation

/// How long judging one command takes, on one core, over both corpora.
struct JudgingBenchmark {
    let policy: Policy

    func run() throws {
        let commands = try (Corpora.adversarial() + Corpora.legitimate()).map(\.command)
        let clock = ContinuousClock()
        var samples: [Double] = []
        samples.reserveCapacity(commands.count * 100)
        for round in 0..<101 {
            for command in commands {
                let begin = clock.now
                _ = try? policy.assess(command)
                let took = begin.duration(to: clock.now)
                // The first round fills caches.
                if round > 0 { samples.append(Double(took.components.attoseconds) / 1e12) }
            }
        }
        samples.sort()
        let total = samples.reduce(0, +)
        func percentile(_ part: Double) -> Double { samples[min(samples.count - 1, Int(Double(samples.count) * part))] }
        let perSecond = Int(Double(samples.count) / (total / 1e6))
        func text(_ value: Double) -> String { String(format: "%.2f", value) }
        try PolicyCampaign.conclude(
            "policy-bench",
            "per_second=\(perSecond) p50_us=\(text(percentile(0.5))) p99_us=\(text(percentile(0.99))) commands=\(samples.count)",
            [
                "per_second": perSecond, "p50_us": percentile(0.5), "p99_us": percentile(0.99),
                "commands": samples.count,
            ])
    }
}
