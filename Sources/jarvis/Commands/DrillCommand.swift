// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore
import JarvisHTTP

struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Run a harmless fire drill on a running server and watch it.",
        discussion: """
            The server starts its canary, kills it, and posts an alert about it to its own webhook. From there on it is
            an alert like any other. Ends with code 0 only when the repair was verified.
            """)
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let begin = ContinuousClock.now
        let incident = try await server.withClient { client in
            let follower = IncidentFollower(client: client, format: TimelineFormat(palette: Console.palette))
            return try await follower.follow(try await client.startDrill(), print: Console.print)
        }
        Console.print(DrillReport.line(incident, took: ContinuousClock.now - begin))
        if incident.closing?.verdict != .verified { throw ExitCode.negative }
    }
}

struct CanaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary", abstract: "The program that a drill breaks.", shouldDisplay: false)
    @Option(help: "Port on the loopback interface.") var port: Int

    func run() async throws { try await Canary(port: port, logger: ServerLogger.quiet).run() }
}
