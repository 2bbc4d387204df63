// SPDX-License-Identifier: Apache-2.0

/// Everything that is understood: the compiled tables of all program families.
///
/// A tree from program over subcommands to forms; built once, never changed.
struct GrammarTable: Sendable {
    /// How a program reads its arguments.
    enum Style: String, Sendable {
        /// As getopt_long(3) does: options anywhere, `-abc`, `-n5`, `--name=value`, `--` ends them.
        case gnu
        /// Every option is a word of its own, also `-long` and `+plus`.
        case words
    }

    /// A program or a subcommand.
    struct Node: Sendable {
        var children: [String: Int] = [:]
        var forms: [Int] = []
        /// Options from here on, before and behind further subcommands.
        var options: [String: OptionRule] = [:]
        let style: Style
    }

    /// A command with what the table must say about it.
    struct Example: Sendable {
        let text: String
        /// Nil: it must be refused.
        let commandClass: CommandClass?
        /// Where it is written.
        let place: TablePlace
    }

    /// A line that begins the forms of a program, under all names that it has.
    struct Program: Sendable {
        let names: [String]
        let place: TablePlace
    }

    var programs: [String: Int] = [:]
    /// In the order of the tables.
    var programLines: [Program] = []
    var nodes: [Node] = []
    var forms: [Form] = []
    var examples: [Example] = []
}

/// A mistake in a table; tables of the product are checked by tests and at start.
package struct GrammarFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which table.
    package let table: String
    /// Its line, from 1.
    package let line: Int
    /// What is wrong.
    package let message: String

    /// Names a mistake.
    package init(table: String, line: Int, message: String) {
        self.table = table
        self.line = line
        self.message = message
    }

    init(at place: TablePlace, _ message: String) {
        self.init(table: place.table, line: place.line, message: message)
    }

    /// `docker, line 3.
    ///
    /// …`
    package var description: String { "\(table), line \(line): \(message)" }
}
