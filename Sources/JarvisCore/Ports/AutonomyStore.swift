// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import FoundationEssentials

/// Keeps what a person decided about autonomy while the server runs.
package protocol AutonomyStore: Sendable {
    /// Every decision, the most specific first.
    func autonomyRules() async throws(StoreError) -> [AutonomyPolicy.Rule]

    /// Records a decision, in place of one for the same pattern, host and target.
    ///
    /// Durable when it returns, with its record in the audit log.
    func setAutonomy(_ rule: AutonomyPolicy.Rule, by person: String, at now: Date) async throws(StoreError)

    /// Forgets every decision, so that the configuration holds again; returns how many there were.
    ///
    /// Durable when it returns, with its record in the audit log if there were any.
    func resetAutonomy(by person: String, at now: Date) async throws(StoreError) -> Int
}

extension AutonomyPolicy {
    /// With a person's later decisions in front of those of the configuration.
    package func under(_ decisions: [Rule]) -> AutonomyPolicy {
        AutonomyPolicy(rules: decisions + rules, fallback: fallback)
    }
}

extension AutonomyPolicy.Rule {
    /// How much it speaks of: a rule for one target goes before one for a pattern, before one for a host, before all.
    package var specificity: Int { (target == nil ? 0 : 4) + (pattern == nil ? 0 : 2) + (host == nil ? 0 : 1) }

    /// What it is about; two decisions about the same replace each other.
    package var subject: String {
        [pattern ?? "", host?.text ?? "", target?.description ?? ""].map { "\($0.utf8.count):\($0)" }
            .joined(separator: ",")
    }

    /// One line for a person: `auto up to bounded for pattern container-down on nexus`.
    package var description: String {
        var text = level.rawValue
        if level == .auto { text += " up to \(maximumClass.rawValue)" }
        if let pattern { text += " for pattern \(UntrustedText(pattern).display(limit: 80))" }
        if let target { text += " for \(target)" }
        if let host { text += " on \(host)" }
        return text + (specificity == 0 ? " everywhere" : "")
    }
}
