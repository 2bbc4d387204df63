// SPDX-License-Identifier: Apache-2.0

/// What a pattern's plan holds: a typed action, or the template of a command.
package enum PlanElement: Sendable, Codable, Equatable {
    /// A typed action on the pattern's target.
    case action(Action.Name)
    /// A command with places for label values (`CommandTemplate`), run on the target's host.
    case command(String)
}
