// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore
import JarvisHTTP

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "The kill switch: begin no change any more, everywhere or on one host.",
        discussion: """
            Takes effect with the answer: no step is begun after it. A step that was begun before ends by itself; over a
            slow connection it may still be on its way. Alerts are still taken in and looked at; what would be done
            waits until `jarvis resume`.
            """)
    @OptionGroup var server: ServerOptions
    @OptionGroup var hold: HoldOptions
    @Flag(help: "Do not wait: show what would be done, and hand the incident over.") var dryRun = false

    func run() async throws {
        let request = try hold.request(dryRun ? .dryRun : .pause)
        try await server.withClient { client in RestraintSummary.show(try await client.place(request)) }
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lift a pause or a dry run; what waits is looked at again and goes on.")
    @OptionGroup var server: ServerOptions
    @Option(help: "Only on this host.") var host: String?
    @Flag(help: "Lift a dry run instead of a pause.") var dryRun = false

    func run() async throws {
        let request = HoldRequest(mode: dryRun ? .dryRun : .pause, host: host)
        try await server.withClient { client in RestraintSummary.show(try await client.lift(request)) }
    }
}

struct HoldOptions: ParsableArguments {
    @Option(help: "Only on this host.") var host: String?
    @Option(help: "Why; shown wherever it holds something back.") var reason: String?
    @Option(name: .customLong("for"), help: "End by itself after so many minutes.") var minutes: Int?

    func validate() throws {
        if let minutes, !(1...525_600).contains(minutes) {
            throw ValidationError("--for takes from 1 minute to a year")
        }
    }

    func request(_ mode: Hold.Mode) throws -> HoldRequest {
        HoldRequest(mode: mode, host: host, reason: reason, seconds: minutes.map { Double($0) * 60 })
    }
}

enum RestraintSummary {
    static func show(_ view: RestraintView) {
        if view.holds.isEmpty { Console.print("nothing is held: changes may begin") }
        for hold in view.holds { Console.print("\(hold.description), since \(RFC3339.format(hold.since))") }
    }

    static func showLimits(_ limits: RestraintLimits) {
        let radius = limits.blastRadius
        let breakers = limits.breakers
        Console.print(
            "steps within an hour: at most \(radius.total) in all, \(radius.perHost) on a host, "
                + "\(radius.perTarget) on a target; \(radius.atOncePerHost) at a time on a host")
        Console.print(
            "asks first after failed repairs within \(Int(breakers.window / 3600)) h: \(breakers.pattern) of a pattern, "
                + "\(breakers.target) on a target, \(breakers.all) in all")
    }
}
