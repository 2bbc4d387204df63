// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration, or print an example.",
        subcommands: [Check.self, Example.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read file, environment, secrets and patterns, and print every fault with its place.")
        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let settings = try options.load()
            for note in settings.notes { Console.print("note: \(note)") }
            let inventory = settings.configuration.inventory
            let targets = inventory.hosts.values.map(\.targets.count).reduce(0, +)
            Console.print(
                "ok: \(inventory.hosts.count) hosts, \(targets) targets, \(settings.patterns.patterns.count) patterns")
        }
    }

    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print every key with its default, commented.")

        func run() { Console.print(ConfigurationExample.text) }
    }
}
