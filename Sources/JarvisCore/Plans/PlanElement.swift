// SPDX-License-Identifier: Apache-2.0

/// What a pattern's plan holds: a typed action, or the template of a command.
package enum PlanElement: Sendable, Codable, Equatable {
    /// A typed action on the pattern's target, and on those that belong to it.
    case action(Action.Name, parameters: Action.Parameters = [:], with: Company = .alone)
    /// A command with places for label values (`CommandTemplate`), run on the target's host.
    case command(String)

    /// The services of the same compose project on which an action is done besides, a step for each.
    package enum Company: String, Sendable, Codable, CaseIterable {
        /// Only the target.
        case alone
        /// What the target depends on, before it.
        case dependencies
        /// What depends on the target, after it.
        case dependents
    }
}
