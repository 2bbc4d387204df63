// SPDX-License-Identifier: Apache-2.0

/// An argv that has passed the policy; the only thing an executor accepts.
///
/// There is no initialiser outside this module, and the type is not Codable on purpose: what is stored is the
/// intention (an action and its target), and it is judged again after loading.
package struct JudgedCommand: Sendable, Equatable {
    /// The words, program first, without the `sudo` prefix.
    package let argv: [String]
    /// As whom it runs.
    package let privilege: Privilege
    /// How much it may change.
    package let commandClass: CommandClass
    /// What it does to which target.
    package let effect: Effect

    init(argv: [String], privilege: Privilege, commandClass: CommandClass, effect: Effect) {
        self.argv = argv
        self.privilege = privilege
        self.commandClass = commandClass
        self.effect = effect
    }

    /// The text that a host's shell gets, printed afresh from the judged words with full quoting.
    package var canonical: String {
        switch privilege {
        case .login: ShellQuoting.command(argv)
        case .root: ShellQuoting.command(["sudo", "-n"] + argv)
        }
    }
}
