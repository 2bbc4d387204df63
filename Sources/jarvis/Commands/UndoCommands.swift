// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore
import JarvisHTTP

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what was done for an incident.",
        discussion: """
            Puts its targets back to what they were right before each step, newest first, and looks whether they stay so.
            Only what an action leaves behind can be put back: what was started is stopped. A restart leaves nothing, and
            the command says so and changes nothing. What became of it is in the incident: `jarvis incidents show INCIDENT`.
            """)
    @OptionGroup var server: ServerOptions
    @Argument(help: "The incident's id, or its beginning.") var id: String
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false

    func run() async throws {
        try await server.withClient { client in
            let incident = try await client.incident(try await client.resolve(id))
            IncidentSummary.lines(incident).forEach(Console.print)
            for snapshot in try await client.snapshots(of: incident.id, limit: 50) {
                SnapshotSummary.line(snapshot).map(Console.print)
            }
            if !yes {
                Console.report("Put them back to that? Type yes:")
                guard readLine()?.lowercased() == "yes" else {
                    Console.report("nothing was changed")
                    throw ExitCode.negative
                }
            }
            let after = try await client.undo(incident.id)
            Console.print("the incident is now \(after.phase): jarvis incidents show \(after.id)")
        }
    }
}

struct SnapshotsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshots", abstract: "What targets were like before they were changed.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List snapshots, newest first.")
        @OptionGroup var server: ServerOptions
        @Option(help: "Only those of this incident (its id, or its beginning).") var incident: String?
        @Option(help: "At most so many (1 to 200).") var limit = 50
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let snapshots = try await server.withClient { client in
                var id: IncidentID?
                if let incident { id = try await client.resolve(incident) }
                return try await client.snapshots(of: id, limit: limit)
            }
            guard !json else { return Console.print(String(decoding: try JSONBody.encode(snapshots), as: UTF8.self)) }
            var table = TextTable(["ID", "TAKEN", "TARGET", "INCIDENT", "STATE"])
            for snapshot in snapshots {
                table.add([
                    snapshot.id.description, String(RFC3339.format(snapshot.takenAt).prefix(19)) + "Z",
                    snapshot.target.description, snapshot.incident.description,
                    snapshot.fault.map { _ in "(sealed by another key)" }
                        ?? UntrustedText(snapshot.fields["state"] ?? "-").display(limit: 60),
                ])
            }
            Console.print(snapshots.isEmpty ? "no snapshots" : String(table.render().dropLast()))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one snapshot, with everything that was captured.")
        @OptionGroup var server: ServerOptions
        @Argument(help: "The snapshot's id, as the list shows it.") var id: String
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            guard let id = IntentID(id) else { throw ValidationError("'\(id)' is not the id of a snapshot") }
            let snapshot = try await server.withClient { try await $0.snapshot(id) }
            guard !json else { return Console.print(String(decoding: try JSONBody.encode(snapshot), as: UTF8.self)) }
            SnapshotSummary.lines(snapshot).forEach(Console.print)
        }
    }
}
