// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation

/// Figures and campaigns about the command policy; see `make policy-corpus`, `policy-fuzz` and `policy-bench`.
@main
enum PolicyCampaign {
    static func main() {
        do {
            try run()
        } catch {
            report("policy-campaign: \(error)")
            exit(1)
        }
    }

    private static func run() throws {
        let arguments = ProcessInfo.processInfo.arguments
        let policy = try Policy.shipped()
        switch arguments.dropFirst().first {
        case "corpus": try CorpusReport(policy: policy).run()
        case "bench": try JudgingBenchmark(policy: policy).run()
        case "fuzz":
            guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else {
                throw CampaignError("usage: policy-campaign fuzz N")
            }
            try FuzzCampaign(policy: policy).run(count)
        default: throw CampaignError("usage: policy-campaign corpus|bench|fuzz N")
        }
    }

    /// A line on standard error, for progress.
    static func report(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    /// The closing line and the same as JSON in `.results`.
    static func conclude(_ name: String, _ line: String, _ values: [String: any Sendable]) throws {
        try FileManager.default.createDirectory(atPath: ".results", withIntermediateDirectories: true)
        let data = try JSONSerialization.data(withJSONObject: values, options: [.sortedKeys])
        try data.write(to: URL(filePath: ".results/\(name).json"))
        print("\(name): \(line)")
    }
}

/// What stopped a campaign, in words for a person.
struct CampaignError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
