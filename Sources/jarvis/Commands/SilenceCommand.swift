// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore
import JarvisHTTP

struct SilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Have Alertmanager keep quiet about the alerts of an incident.",
        discussion: """
            Asks the Alertmanager of the configuration for one silence for each alert of the incident that fires, of all
            its labels, for an hour or as long as --for says. It ends by itself, when the incident ends, or with --end,
            whichever is first. Alertmanager tells nobody of a silenced alert, so Jarvis does not hear from it that the
            alert is resolved either. What became of the request is in the incident: `jarvis incidents show INCIDENT`.
            """)
    @OptionGroup var server: ServerOptions
    @Argument(help: "The incident's id, or its beginning.") var id: String
    @Option(name: .customLong("for"), help: "How long: from 1m to 24h (default: 1h).") var length: Length?
    @Option(help: "Why; shown in the incident and in Alertmanager.") var reason: String?
    @Flag(help: "End the silences of the incident instead.") var end = false

    func validate() throws {
        if end, length != nil || reason != nil { throw ValidationError("--end takes neither --for nor --reason") }
    }

    func run() async throws {
        let incident = try await server.withClient { client in
            let incident = try await client.resolve(id)
            guard !end else { return try await client.endSilence(incident) }
            return try await client.silence(incident, SilenceRequest(seconds: length?.seconds, reason: reason))
        }
        IncidentSummary.lines(incident).forEach(Console.print)
    }

    /// A time such as `30m` or `2h`.
    struct Length: ExpressibleByArgument {
        let seconds: Double

        init?(argument: String) {
            let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
            guard let unit = argument.last, let factor = factors[unit], let number = Int(argument.dropLast()),
                JudgedSilenceChange.seconds.contains(Double(number) * factor)
            else { return nil }
            seconds = Double(number) * factor
        }
    }
}
