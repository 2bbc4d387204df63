// SPDX-License-Identifier: Apache-2.0

/// A command that has passed the policy; the only thing an executor accepts.
///
/// There is no initialiser outside this module, and the type is not Codable on purpose: what is stored is the
/// text or the intention, and it is judged again after loading.
package struct JudgedCommand: Sendable, Equatable {
    /// What was understood.
    package let list: CommandList
    /// How much it may change.
    package let commandClass: CommandClass
    /// Whether what it does can be taken back.
    package let undo: Undo
    /// Whether it destroys data or evidence.
    package let destroys: Bool
    /// What it does to which targets.
    package let effects: [Effect]
    /// The form that was recognised, for people.
    package let reason: String

    init(list: CommandList, commandClass: CommandClass, undo: Undo, destroys: Bool, effects: [Effect], reason: String) {
        self.list = list
        self.commandClass = commandClass
        self.undo = undo
        self.destroys = destroys
        self.effects = effects
        self.reason = reason
    }

    /// The text that a host's shell gets, printed afresh from the judged words with full quoting.
    package var canonical: String { list.canonical }
}
