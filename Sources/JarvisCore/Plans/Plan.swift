// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// An ordered list of actions with the evidence for it.
package struct Plan: Sendable, Codable, Equatable {
    /// One element of a plan.
    package struct Step: Sendable, Codable, Equatable, CustomStringConvertible {
        /// What is done to what.
        package let action: Action
        /// The text it was made of, values put in; nil: a typed action.
        ///
        /// Judged again before it runs.
        package let command: String?
        /// The judged form's text at planning time, for people and for the plan's hash; judged again before it runs.
        package let canonical: String
        /// Its class at planning time.
        package let commandClass: CommandClass
        /// The command by which the host takes the step back on its own unless it is confirmed; nil: it does not.
        package let revert: String?
        /// The riskiest step by which Jarvis would take it back should it make things worse; nil: there is none.
        package let undo: Undo?

        /// What would take a step back.
        package struct Undo: Sendable, Codable, Equatable {
            /// The judged form's text, for people and for the plan's hash.
            package let canonical: String
            /// Its class.
            package let commandClass: CommandClass

            /// Records it.
            package init(canonical: String, commandClass: CommandClass) {
                self.canonical = canonical
                self.commandClass = commandClass
            }
        }

        /// Records a step.
        package init(
            action: Action, command: String? = nil, canonical: String, commandClass: CommandClass,
            revert: String? = nil, undo: Undo? = nil
        ) {
            self.action = action
            self.command = command
            self.canonical = canonical
            self.commandClass = commandClass
            self.revert = revert
            self.undo = undo
        }

        /// For people: what is done, and what the host does unless it hears that it was right.
        package var description: String {
            action.description + (revert.map { " (unless confirmed, the host itself runs \($0))" } ?? "")
        }
    }

    /// The pattern it comes from.
    package let pattern: String
    /// What is acted on.
    package let target: Target
    /// Where the host is reached, as the inventory says; a plan is for this place only.
    package let endpoint: String
    /// In this order; each is run only after the one before ended.
    package let steps: [Step]
    /// Digest of the policy it was judged by; nil: of a version that did not record it.
    package let policyDigest: String?
    /// Why, in one sentence for a person.
    package let reason: String
    /// How sure the pattern is, 0…1.
    package let confidence: Double

    /// Builds a plan.
    package init(
        pattern: String, target: Target, endpoint: String, steps: [Step], policyDigest: String? = nil, reason: String,
        confidence: Double
    ) {
        self.pattern = pattern
        self.target = target
        self.endpoint = endpoint
        self.steps = steps
        self.policyDigest = policyDigest
        self.reason = reason
        self.confidence = confidence
    }

    /// The class of its riskiest step.
    package var commandClass: CommandClass { steps.map(\.commandClass).max() ?? .observe }
}
