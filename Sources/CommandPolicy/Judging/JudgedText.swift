// SPDX-License-Identifier: Apache-2.0

/// A whole text that has passed the policy: the steps it stands for.
package struct JudgedText: Sendable, Equatable {
    /// In this order; one for observers, else one for each command of the list.
    ///
    /// At least one.
    package let steps: [JudgedCommand]
    /// The whole text, printed afresh.
    package let canonical: String

    /// The class of its riskiest step.
    package var commandClass: CommandClass { steps.map(\.commandClass).max() ?? .forbidden }
    /// What can be taken back of all steps together.
    package var undo: Undo { steps.map(\.undo).reduce(.yes) { $0.worse($1) } }
    /// Whether any step destroys data or evidence.
    package var destroys: Bool { steps.contains(where: \.destroys) }
    /// What all steps do.
    package var effects: [Effect] { steps.flatMap(\.effects) }
    /// The forms that were recognised.
    package var reason: String { steps.map(\.reason).joined(separator: "; ") }
}
