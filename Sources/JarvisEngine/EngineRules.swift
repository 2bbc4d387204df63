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
    package private(set) var policy: Policy
    /// Digest of that policy's identity: an approval holds for it alone.
    package let policyDigest: String
    /// What may happen without a person.
    package private(set) var autonomy: AutonomyPolicy
    /// How much may be changed within an hour and at a time.
    package let blastRadius: BlastRadius
    /// From how many failures on a person is asked first.
    package let breakers: Breakers
    /// Seconds a plan may wait for a decision.
    package let approvalLifetime: Double
    /// Seconds within which a person is not told of the same alert again.
    package let escalationCooldown: Double
    /// The identifiers of the containers that Jarvis itself runs in; none where it runs in none.
    package let ownContainers: Set<String>
    /// SHA-256 of a text as 64 hexadecimal digits.
    package let digest: @Sendable (String) -> String

    /// The same rules under a person's later decisions about autonomy.
    package func under(_ decisions: [AutonomyPolicy.Rule]) -> EngineRules {
        var rules = self
        rules.autonomy = autonomy.under(decisions)
        return rules
    }

    /// The same rules with a target protected as Jarvis' own, where that is what was seen there; else nil.
    ///
    /// Also nil for a target that is protected so, or more strictly, already.
    func recognisingItself(in target: Target, by signals: [Signal]) -> EngineRules? {
        guard target.kind == .container,
            let state = signals.first(where: { $0.kind == .target && $0.source == TargetProbe.source(target) }),
            state.identity.map(ownContainers.contains) == true,
            let policy = policy.protectingOwn(container: target.name)
        else { return nil }
        var rules = self
        rules.policy = policy
        return rules
    }

    /// From which sum of signs on a fault that a pattern knows is taken for intended.
    func deliberationThreshold(of pattern: String) -> Double {
        patterns.first { $0.id == pattern }?.deliberateFrom ?? Deliberation.standardThreshold
    }

    /// The name under which autonomy and breakers know plans that an alert rule brings itself.
    package var rulePattern: String { RuleRemediation.pattern }

    /// Builds the rules.
    package init(
        inventory: Inventory, patterns: [Pattern], policy: Policy, policyDigest: String = "",
        autonomy: AutonomyPolicy = AutonomyPolicy(),
        blastRadius: BlastRadius = .standard, breakers: Breakers = .standard,
        approvalLifetime: Double = 86_400, escalationCooldown: Double = 14_400,
        ownContainers: Set<String> = [],
        digest: @escaping @Sendable (String) -> String
    ) {
        self.inventory = inventory
        self.patterns = patterns
        self.policy = policy
        self.policyDigest = policyDigest
        self.autonomy = autonomy
        self.blastRadius = blastRadius
        self.breakers = breakers
        self.approvalLifetime = approvalLifetime
        self.escalationCooldown = escalationCooldown
        self.ownContainers = ownContainers
        self.digest = digest
    }
}
