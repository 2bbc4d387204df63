// SPDX-License-Identifier: Apache-2.0

/// A text that has been understood as commands of the safe subset of the shell.
///
/// Pipelines joined by `;`, `&&` or `||`. Nothing in it is left for a shell to expand.
package struct CommandList: Sendable, Equatable {
    /// How a pipeline is joined to the one before it.
    package enum Connector: String, Sendable {
        /// Run it in any case.
        case then = ";"
        /// Run it when the one before succeeded.
        case andThen = "&&"
        /// Run it when the one before failed.
        case orElse = "||"
    }

    /// In this order, at least one.
    package let pipelines: [Pipeline]
    /// One fewer than pipelines: `connectors[i]` stands before `pipelines[i + 1]`.
    package let connectors: [Connector]

    /// Joins pipelines; one connector fewer than pipelines.
    init(_ pipelines: [Pipeline], _ connectors: [Connector] = []) {
        precondition(!pipelines.isEmpty && connectors.count == pipelines.count - 1, "a connector between any two")
        self.pipelines = pipelines
        self.connectors = connectors
    }

    /// One simple command of these words.
    package init(words: [String]) { self.init([Pipeline(commands: [SimpleCommand(words: words)])]) }

    /// Understands a text as a list, or refuses it (see `ShellParser` for the subset).
    package init(parsing text: String) throws(Refusal) { self = try ShellParser.parse(text) }

    /// Printed afresh, every word in single quotes: what a shell reads back is exactly these words.
    package var canonical: String {
        var text = pipelines[0].canonical
        for (connector, pipeline) in zip(connectors, pipelines.dropFirst()) {
            text += connector == .then ? "; " : " \(connector.rawValue) "
            text += pipeline.canonical
        }
        return text
    }

    /// The same commands with the words of each replaced; to be judged anew.
    func replacingWords<Failure: Error>(
        _ replacement: ([String]) throws(Failure) -> [String]
    ) throws(Failure) -> CommandList {
        var changed: [Pipeline] = []
        for pipeline in pipelines {
            var commands: [SimpleCommand] = []
            for command in pipeline.commands {
                commands.append(
                    SimpleCommand(words: try replacement(command.words), redirections: command.redirections))
            }
            changed.append(Pipeline(commands: commands))
        }
        return CommandList(changed, connectors)
    }

    /// Whether it is one command without pipe or list, so that a shell may `exec` it.
    package var isSimple: Bool { pipelines.count == 1 && pipelines[0].commands.count == 1 }
}

/// Commands joined by `|`.
package struct Pipeline: Sendable, Equatable {
    /// In this order, at least one.
    package let commands: [SimpleCommand]

    /// Printed afresh.
    package var canonical: String { commands.map(\.canonical).joined(separator: " | ") }
}

/// A program with its arguments and harmless redirections.
package struct SimpleCommand: Sendable, Equatable {
    /// The redirections that are understood; each is written in one way only.
    package enum Redirection: String, Sendable {
        /// Standard error goes where standard output goes.
        case errorToOutput = "2>&1"
        /// Standard output is dropped.
        case outputToNothing = ">/dev/null"
        /// Standard error is dropped.
        case errorToNothing = "2>/dev/null"
        /// Standard input is empty.
        case inputFromNothing = "</dev/null"
    }

    /// Program first, at least one word.
    package let words: [String]
    /// In this order.
    package let redirections: [Redirection]

    /// Builds a command.
    package init(words: [String], redirections: [Redirection] = []) {
        precondition(!words.isEmpty, "a command has a program")
        self.words = words
        self.redirections = redirections
    }

    /// Printed afresh.
    package var canonical: String {
        var text = ShellQuoting.command(words)
        for redirection in redirections { text += " " + redirection.rawValue }
        return text
    }
}
