// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

/// A guard reads only the tables of the programs in a command.
@Suite struct `A policy for one command` {
    @Test func `judges it as the whole policy does`() throws {
        let commands = try (Corpus.adversarial() + Corpus.legitimate()).map(\.command)
        // Reading tables without optimisation takes its time: every third command of the corpora.
        for command in stride(from: 0, to: commands.count, by: 3).map({ commands[$0] }) {
            let whole = Result { try ShippedPolicyText.judge(command) }
            let one = Result { try Policy.shipped(for: command).assess(command) }
            switch (whole, one) {
            case (.success(let expected), .success(let found)): #expect(expected == found, "\(command)")
            case (.failure, .failure): break
            default: Issue.record("\(command): \(whole), for one \(one)")
            }
        }
    }

    @Test func `knows no other`() throws {
        let policy = try Policy.shipped(for: "docker ps")
        #expect(policy.programs.contains("docker") && policy.programs.count < 10)
        #expect(throws: Refusal.self) { try policy.assess("uptime") }
        #expect(try Policy.shipped(for: "$(id)").programs.isEmpty)
        #expect(try Policy.shipped(for: "").programs.isEmpty)
    }
}
