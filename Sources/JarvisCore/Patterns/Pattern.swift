// SPDX-License-Identifier: Apache-2.0

/// A known problem with its matcher and its plan.
package struct Pattern: Sendable, Codable, Equatable {
    /// Which alerts it knows.
    ///
    /// All given conditions must hold; whole values are compared.
    package struct Matcher: Sendable, Codable, Equatable {
        /// One of these rule names.
        package let alertnames: Set<String>
        /// These labels with exactly these values.
        package let labels: [String: String]

        /// Builds a matcher.
        package init(alertnames: Set<String>, labels: [String: String] = [:]) {
            self.alertnames = alertnames
            self.labels = labels
        }

        /// Whether an alert with these labels is meant.
        package func matches(_ candidate: LabelSet) -> Bool {
            guard let name = candidate.alertName?.verbatim, alertnames.contains(name) else { return false }
            return labels.allSatisfy { candidate.values[$0.key] == $0.value }
        }
    }

    /// How the target is told from the labels.
    package struct TargetRule: Sendable, Codable, Equatable {
        /// What kind of thing it is.
        package let kind: Target.Kind
        /// The first of these labels that is present holds its name (not used for hosts).
        package let nameFrom: [String]
        /// The first of these labels that the inventory knows tells the host.
        package let hostFrom: [String]

        /// Builds a rule.
        package init(kind: Target.Kind, nameFrom: [String], hostFrom: [String]) {
            self.kind = kind
            self.nameFrom = nameFrom
            self.hostFrom = hostFrom
        }
    }

    /// What is to be done about it.
    package enum Response: Sendable, Codable, Equatable {
        /// These actions on the target and commands on its host, in this order.
        case plan([PlanElement])
        /// Nothing that can be done safely: tell a person, and say this.
        case escalate(String)
    }

    /// Its unique name.
    package let id: String
    /// What it is, in a few words.
    package let title: String
    /// Which alerts it knows.
    package let matcher: Matcher
    /// What it acts on.
    package let target: TargetRule
    /// What is to be done.
    package let response: Response
    /// How sure it is that its plan fits, 0…1.
    package let confidence: Double
    /// From which sum of signs (0…2) on its fault is taken for somebody's intention; nil: the usual.
    package let deliberateFrom: Double?
    /// Labels it must match.
    package let mustMatch: [LabelSet]
    /// Labels it must not match.
    package let mustNotMatch: [LabelSet]

    /// Builds a pattern.
    package init(
        id: String, title: String, matcher: Matcher, target: TargetRule, response: Response, confidence: Double,
        deliberateFrom: Double? = nil, mustMatch: [LabelSet] = [], mustNotMatch: [LabelSet] = []
    ) {
        self.id = id
        self.title = title
        self.matcher = matcher
        self.target = target
        self.response = response
        self.confidence = confidence
        self.deliberateFrom = deliberateFrom
        self.mustMatch = mustMatch
        self.mustNotMatch = mustNotMatch
    }
}
