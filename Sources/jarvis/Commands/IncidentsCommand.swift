// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore
import JarvisHTTP

struct IncidentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents", abstract: "List incidents, or show one.", subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List incidents, newest first.")
        @OptionGroup var server: ServerOptions
        @Flag(help: "Only those that have not ended.") var open = false
        @Option(help: "At most so many (1 to 500).") var limit = 50
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let incidents = try await server.withClient { try await $0.incidents(openOnly: open, limit: limit) }
            guard !json else { return Console.print(String(decoding: try JSONBody.encode(incidents), as: UTF8.self)) }
            var table = TextTable(["ID", "OPENED", "ALERT", "TARGET", "PHASE", "OUTCOME", "VERDICT"])
            for incident in incidents {
                table.add([
                    incident.id.description, String(RFC3339.format(incident.openedAt).prefix(19)) + "Z",
                    UntrustedText(incident.title).display(limit: 40), incident.target?.description ?? "-",
                    incident.phase,
                    incident.closing?.outcome.rawValue ?? "-", incident.closing?.verdict?.rawValue ?? "-",
                ])
            }
            Console.print(incidents.isEmpty ? "no incidents" : String(table.render().dropLast()))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one incident with its timeline.")
        @OptionGroup var server: ServerOptions
        @Argument(help: "The incident's id; its beginning is enough where only one of the newest 500 fits.") var id:
            String
        @Flag(help: "Print JSON.") var json = false

        private struct Detail: Encodable {
            let incident: IncidentView
            let timeline: [NumberedTimelineEntry]
        }

        func run() async throws {
            let (incident, timeline) = try await server.withClient { client in
                let incident = try await client.incident(try await client.resolve(id))
                return (incident, try await client.timeline(of: incident.id))
            }
            guard !json else {
                let detail = Detail(incident: incident, timeline: timeline)
                return Console.print(String(decoding: try JSONBody.encode(detail), as: UTF8.self))
            }
            let format = TimelineFormat(palette: Console.palette)
            IncidentSummary.lines(incident).forEach(Console.print)
            for entry in timeline { format.lines(entry.entry).forEach(Console.print) }
        }
    }
}

extension OperatorClient {
    /// The one incident whose id begins with a text.
    func resolve(_ text: String) async throws -> IncidentID {
        if let id = IncidentID(text) { return id }
        let matches = try await incidents(openOnly: false, limit: 500).map(\.id).filter {
            $0.description.hasPrefix(text)
        }
        guard let id = matches.first, matches.count == 1 else {
            throw ValidationError(
                matches.isEmpty
                    ? "no incident's id begins with '\(text)'" : "\(matches.count) incidents' ids begin with '\(text)'")
        }
        return id
    }
}
