// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Everything the engine decides by, as values: the owner's inventory, patterns and limits.
package struct EngineRules: Sendable {
    /// Machines and targets that may be touched.
    package let inventory: Inventory
    /// Known problems, in order of precedence.
    package let patterns: [Pattern]
    /// What a command is, and whether it may be sent at all.
    package let policy: Policy
    /// What may happen without a person.
    package let autonomy: AutonomyPolicy
    /// How much may be changed within an hour and at a time.
    package let blastRadius: BlastRadius
    /// From how many failures on a person is asked first.
    package let breakers: Breakers
    /// Seconds a plan may wait for a decision.
    package let approvalLifetime: Double
    /// Seconds within which repeats of an unchanged alert are not written.
    package let repeatCooldown: Double
    /// Seconds within which a person is not told of the same alert again.
    package let escalationCooldown: Double
    /// SHA-256 of a text as 64 hexadecimal digits.
    package let digest: @Sendable (String) -> String

    /// The same rules under a person's later decisions about autonomy.
    package func under(_ decisions: [AutonomyPolicy.Rule]) -> EngineRules {
        EngineRules(
            inventory: inventory, patterns: patterns, policy: policy, autonomy: autonomy.under(decisions),
            blastRadius: blastRadius, breakers: breakers, approvalLifetime: approvalLifetime,
            repeatCooldown: repeatCooldown, escalationCooldown: escalationCooldown, digest: digest)
    }

    /// The name under which autonomy and breakers know plans that an alert rule brings itself.
    package var rulePattern: String { RuleRemediation.pattern }

    /// Builds the rules.
    package init(
        inventory: Inventory, patterns: [Pattern], policy: Policy, autonomy: AutonomyPolicy = AutonomyPolicy(),
        blastRadius: BlastRadius = .standard, breakers: Breakers = .standard,
        approvalLifetime: Double = 86_400, repeatCooldown: Double = 300, escalationCooldown: Double = 14_400,
        digest: @escaping @Sendable (String) -> String
    ) {
        self.inventory = inventory
        self.patterns = patterns
        self.policy = policy
        self.autonomy = autonomy
        self.blastRadius = blastRadius
        self.breakers = breakers
        self.approvalLifetime = approvalLifetime
        self.repeatCooldown = repeatCooldown
        self.escalationCooldown = escalationCooldown
        self.digest = digest
    }
}
