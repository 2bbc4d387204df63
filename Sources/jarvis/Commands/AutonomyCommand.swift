// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandPolicy
import JarvisApp
import JarvisCore
import JarvisHTTP

struct AutonomyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autonomy", abstract: "See and decide what may happen without a person.",
        discussion: """
            From day one everything but the drill's canary asks first. What is decided here goes before the
            configuration, is kept over restarts, and `reset` forgets it. High risk always needs a person.
            """, subcommands: [Show.self, Set.self, Reset.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print what holds, in order of precedence.")
        @OptionGroup var server: ServerOptions

        func run() async throws { try await server.withClient { Self.print(try await $0.autonomy()) } }

        static func print(_ view: AutonomyView) {
            for rule in view.decided { Console.print("decided     \(rule)") }
            for rule in view.configured { Console.print("configured  \(rule)") }
            Console.print("otherwise   \(view.otherwise.rawValue)")
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Decide a level: observe, approve or auto.")
        @OptionGroup var server: ServerOptions
        @Argument(help: "observe (look only), approve (prepare a plan and ask) or auto (act).") var level: String
        @Option(name: .customLong("class"), help: "With auto: up to bounded (default) or disruptive.")
        var maximumClass: String?
        @Option(help: "Only on this host.") var host: String?
        @Option(help: "Only for this pattern.") var pattern: String?

        func validate() throws {
            guard Autonomy(rawValue: level) != nil else {
                throw ValidationError("the level is observe, approve or auto")
            }
            if let maximumClass, CommandClass(rawValue: maximumClass).map({ $0 <= .disruptive }) != true {
                throw ValidationError("--class is bounded or disruptive")
            }
        }

        func run() async throws {
            guard let level = Autonomy(rawValue: level) else { throw ExitCode.misconfigured }
            let request = AutonomyRequest(
                level: level, maximumClass: maximumClass.flatMap(CommandClass.init(rawValue:)), host: host,
                pattern: pattern)
            try await server.withClient { Show.print(try await $0.setAutonomy(request)) }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget what was decided; the configuration holds.")
        @OptionGroup var server: ServerOptions

        func run() async throws { try await server.withClient { Show.print(try await $0.resetAutonomy()) } }
    }
}
