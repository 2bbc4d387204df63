// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore
import JarvisHTTP

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve the plan that an incident waits with.",
        discussion:
            "Shows the exact plan first. The decision is bound to it: if it changes meanwhile, nothing is approved.")
    @OptionGroup var server: ServerOptions
    @Argument(help: "The incident's id, or its beginning.") var id: String
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false

    func run() async throws { try await Decision.take(.approved, id, server, isConfirmed: yes) }
}

struct DenyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny the plan that an incident waits with; the incident is handed over to you.")
    @OptionGroup var server: ServerOptions
    @Argument(help: "The incident's id, or its beginning.") var id: String

    func run() async throws { try await Decision.take(.denied, id, server, isConfirmed: true) }
}

private enum Decision {
    static func take(_ decision: Approval.Decision, _ id: String, _ server: ServerOptions, isConfirmed: Bool)
        async throws
    {
        try await server.withClient { client in
            let incident = try await client.incident(try await client.resolve(id))
            IncidentSummary.lines(incident).forEach(Console.print)
            guard let hash = incident.plan?.hash else {
                Console.report("jarvis: this incident does not wait for a decision (it is \(incident.phase))")
                throw ExitCode.negative
            }
            if !isConfirmed {
                Console.report("Run exactly this? Type yes:")
                guard readLine()?.lowercased() == "yes" else {
                    Console.report("nothing was decided")
                    throw ExitCode.negative
                }
            }
            let after = try await client.decide(decision, on: incident.id, planHash: hash)
            Console.print("\(decision.rawValue); the incident is now \(after.phase)")
        }
    }
}
