// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandPolicy
import JarvisApp
import JarvisCore
import JarvisHTTP

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Try what the policy says about commands, without running any.",
        subcommands: [Check.self, Test.self, Programs.self, Status.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print class, effects, the form that would be sent, and why.",
            discussion: """
                Classes: observe reads only; bounded is a limited, short change; disruptive and highRisk ask a person;
                forbidden never runs. Without --config the shipped policy judges, and no target counts as declared.

                With --stdin one command is read from each line, and exactly one line is printed for it; with --json
                the input is one JSON string and the output one JSON object a line.
                """)
        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Read commands from standard input, one a line.") var stdin = false
        @Flag(help: "One JSON object for each command.") var json = false
        @Argument(parsing: .allUnrecognized, help: "The command, as one argument in quotes.") var command: [String] = []

        func validate() throws {
            guard stdin == command.isEmpty else {
                throw ValidationError("give one command in quotes, or --stdin and one command a line")
            }
            guard command.count <= 1 else {
                throw ValidationError("put the whole command into quotes, so that no shell changes it on the way")
            }
        }

        func run() throws {
            let (policy, inventory) = try options.policy()
            if stdin {
                PolicyStream(policy: policy, inventory: inventory, isJSON: json).run(from: 0, to: 1)
                return
            }
            let answer = PolicyAnswer(command[0], policy: policy, inventory: inventory)
            if json {
                var line: [UInt8] = []
                answer.writeJSON(to: &line)
                Console.print(String(decoding: line.dropLast(), as: UTF8.self))
            } else {
                answer.lines.forEach(Console.print)
            }
            if answer.commandClass == .forbidden { throw ExitCode.negative }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge every example that the grammars carry, and your policy file's.")
        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            // Loading judges them all, and is refused when one is not as it says.
            let (policy, _) = try options.policy()
            Console.print(
                "ok: \(policy.exampleCount) examples, \(policy.programs.count) programs, \(policy.denialCount) denials")
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What holds changes back now: pauses, limits, breakers.")
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.withClient { client in
                let view = try await client.restraint()
                RestraintSummary.show(view)
                RestraintSummary.showLimits(view.limits)
            }
        }
    }

    struct Programs: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the programs that are understood.")
        @OptionGroup var options: ConfigurationOptions

        func run() throws { try options.policy().policy.programs.forEach(Console.print) }
    }
}

extension ConfigurationOptions {
    /// The policy of the named configuration, else the shipped one; prints what is wrong and ends with code 2.
    fileprivate func policy() throws -> (policy: Policy, inventory: Inventory) {
        guard file != nil else {
            do {
                return (try Policy.shipped(), Inventory([]))
            } catch {
                Console.report("jarvis: the shipped policy is damaged: \(error)")
                throw ExitCode.misconfigured
            }
        }
        let settings = try load()
        return (settings.policy, settings.configuration.inventory)
    }
}
