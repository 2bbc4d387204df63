// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandPolicy
import FoundationEssentials
import JarvisApp
import JarvisCore
import JarvisHTTP

struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "List, show and decide the plans that wait for a person.",
        subcommands: [List.self, Show.self, ApproveCommand.self, DenyCommand.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the plans that wait, oldest first.")
        @OptionGroup var server: ServerOptions
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let waiting = try await server.withClient { try await $0.incidents(openOnly: true, limit: 500) }
                .filter { $0.plan?.hash != nil }.sorted { $0.openedAt < $1.openedAt }
            guard !json else { return Console.print(String(decoding: try JSONBody.encode(waiting), as: UTF8.self)) }
            var table = TextTable(["ID", "UNTIL", "CLASS", "TARGET", "RUNS"])
            for incident in waiting {
                guard let plan = incident.plan, let expiry = plan.expiresAt else { continue }
                table.add([
                    incident.id.description, String(RFC3339.format(expiry).prefix(19)) + "Z",
                    plan.commandClass.rawValue, incident.target?.description ?? "-",
                    plan.steps.joined(separator: "; then "),
                ])
            }
            Console.print(waiting.isEmpty ? "nothing waits for a decision" : String(table.render().dropLast()))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the plan of one incident exactly as it would run, with the evidence for it.")
        @OptionGroup var server: ServerOptions
        @Argument(help: "The incident's id, or its beginning.") var id: String

        func run() async throws {
            let incident = try await server.withClient { client in
                try await client.incident(try await client.resolve(id))
            }
            IncidentSummary.lines(incident).forEach(Console.print)
            guard incident.plan?.hash != nil else {
                Console.report("jarvis: this incident does not wait for a decision (it is \(incident.phase))")
                throw ExitCode.negative
            }
        }
    }
}
