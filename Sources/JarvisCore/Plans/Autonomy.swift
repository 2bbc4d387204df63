// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// What may happen without a person.
package enum Autonomy: String, Sendable, Codable, CaseIterable {
    /// Look only.
    case observe
    /// Prepare a plan and ask.
    case approve
    /// Act.
    case auto
}

/// The owner's decisions about autonomy, first match wins.
package struct AutonomyPolicy: Sendable, Equatable {
    /// One decision; a nil field matches everything.
    package struct Rule: Sendable, Equatable, Codable {
        /// The level it sets.
        package let level: Autonomy
        /// With level `auto` only plans up to this class; the other levels hold for every class.
        package let maximumClass: CommandClass
        /// Only this host.
        package let host: HostName?
        /// Only this pattern.
        package let pattern: String?
        /// Only this target.
        package let target: Target?

        /// Builds a rule.
        package init(
            level: Autonomy, maximumClass: CommandClass = .bounded, host: HostName? = nil, pattern: String? = nil,
            target: Target? = nil
        ) {
            self.level = level
            self.maximumClass = maximumClass
            self.host = host
            self.pattern = pattern
            self.target = target
        }
    }

    /// In order of precedence.
    package let rules: [Rule]
    /// What holds when no rule matches.
    package let fallback: Autonomy

    /// Builds a policy; day one is `approve` for everything (SPEC section 6).
    package init(rules: [Rule] = [], fallback: Autonomy = .approve) {
        self.rules = rules
        self.fallback = fallback
    }

    /// The level for a plan.
    ///
    /// `highRisk` always needs a person, whatever a rule says.
    package func level(for plan: Plan) -> Autonomy { level(for: plan, class: plan.commandClass) }

    /// The level for a plan if it were of this class.
    package func level(for plan: Plan, class commandClass: CommandClass) -> Autonomy {
        let match = rules.first { rule in
            (rule.level != .auto || commandClass <= rule.maximumClass)
                && (rule.host == nil || rule.host == plan.target.host)
                && (rule.pattern == nil || rule.pattern == plan.pattern)
                && (rule.target == nil || rule.target == plan.target)
        }
        let level = match?.level ?? fallback
        return level == .auto && commandClass >= .highRisk ? .approve : level
    }
}
