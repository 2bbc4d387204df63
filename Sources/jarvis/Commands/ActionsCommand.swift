// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp

struct ActionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "actions", abstract: "The catalogue of typed actions: what each one does, needs and leaves.",
        subcommands: [List.self, Show.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List every action with its target, class, command and undo.")
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            guard !json else { return Console.print(try JSONLine.of(ActionReference.all)) }
            var table = TextTable(["ACTION", "TARGET", "CLASS", "UNDO", "COMMAND"])
            for action in ActionReference.all {
                table.add([
                    action.name, action.target, action.commandClass, action.undo,
                    action.command ?? "(the declared program)",
                ])
            }
            Console.print(String(table.render().dropLast()))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all that is stated about one action.")
        @Argument(help: "Its name, such as container.restart.") var name: String
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let found = ActionReference.named(name)
            guard let action = found.action else {
                let near = found.suggestion.map { "; did you mean '\($0)'?" } ?? ""
                throw ValidationError("there is no such action; 'jarvis actions list' has them all\(near)")
            }
            guard !json else { return Console.print(try JSONLine.of(action)) }
            for line in action.lines {
                let space = String(repeating: " ", count: max(1, 13 - line.label.count))
                Console.print("\(line.label)\(space)\(line.text)")
            }
        }
    }
}
