// SPDX-License-Identifier: Apache-2.0

/// One way to call a program that is understood, with what it does.
struct Form: Sendable {
    /// As it is written in the table, for people.
    let synopsis: String
    /// The table that it stands in, and its line there.
    let place: TablePlace
    /// What stands behind the program and its subcommands, options aside.
    let operands: [SynopsisElement]
    /// Options that this form adds to those it inherits, by every spelling.
    let options: [String: OptionRule]
    /// Of each group at least one must be given.
    let required: [[String]]
    /// What calling it so may do.
    let traits: FormTraits

    /// Whether options end at the first operand, because another command follows.
    var endsOptionsAtOperand: Bool { operands.contains { $0.isCommand } }
}

/// A line of a table, from 1.
struct TablePlace: Sendable, Hashable {
    let table: String
    let line: Int
}

/// What a form does, whatever its operands are.
struct FormTraits: Sendable {
    var commandClass: CommandClass
    var undo: Undo
    var destroys = false
    var verb: Effect.Verb
    /// Reads standard input and no files, so that it may stand behind a pipe, and only there.
    var isFilter = false
}

/// An option, and what follows it.
struct OptionRule: Sendable {
    enum Value: Sendable {
        case none
        /// The next word, or what is attached.
        case required(OperandType)
        /// Only what is attached.
        case optional(OperandType)
    }

    /// The spelling that messages use.
    let name: String
    let value: Value
    /// The class is at least this with it.
    let raises: CommandClass?
}

/// An element of what stands behind the program.
indirect enum SynopsisElement: Sendable {
    case literal(String)
    case operand(OperandType)
    case optional([SynopsisElement])
    case choice([[SynopsisElement]])
    /// Once or more often.
    case repeated(SynopsisElement)
    /// All words that follow are a command of their own.
    case command

    var isCommand: Bool { if case .command = self { true } else { false } }
}
