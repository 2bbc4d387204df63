// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore
import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Receive alerts and work on them until told to stop.",
        discussion: """
            Needs no configuration: everything has a safe default, data is kept in ./data. SIGTERM or SIGINT ends it:
            no new work is begun, what runs is finished. SIGHUP has it read its configuration anew: hosts, targets,
            patterns, policy, autonomy, limits and prometheus hold at once for what begins then; a file with faults
            changes nothing, and the log says so, as it does of what needs a restart. Under systemd it says when it is ready and, with WatchdogSec=,
            that it still is (deploy/jarvis.service).
            """)
    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Run a fire drill once the server is ready, then keep serving.") var drill = false

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let settings = try options.load()
        let logger = ServerLogger.make(settings.configuration.log, isDrill: drill)
        for note in settings.notes { logger.notice("configuration", metadata: ["note": "\(note)"]) }
        let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
        let server = JarvisServer(
            settings: settings, executable: try Self.executable(), environment: ProcessInfo.processInfo.environment,
            logger: logger)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (reloads, reload) = AsyncStream<Result<OperatorSettings, OperatorSettings.Faults>>.makeStream()
                group.addTask { try await server.run(reloads: reloads) { try await welcome($0, manager) } }
                group.addTask {
                    await HangupSignals.each {
                        manager?.tellReloading()
                        reload.yield(Result { () throws(OperatorSettings.Faults) in try options.read() })
                        manager?.tell(.ready)
                    }
                }
                group.addTask {
                    await TerminationSignals.first()
                    guard !Task.isCancelled else { return }
                    manager?.tell(.stopping)
                    logger.notice("stopping: no new work is begun")
                }
                // The server ends only by an error, the signal only by being sent: whichever comes first ends all.
                try await group.next()
                group.cancelAll()
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            Console.report("jarvis: \(error)")
            throw ExitCode.misconfigured
        }
    }

    private func welcome(_ ready: JarvisServer.Ready, _ manager: ServiceManager?) async throws {
        Announcement.lines(ready, isTerminal: isatty(1) == 1).forEach(Console.print)
        manager?.tell(.ready, status: "serving at \(ready.baseURL)")
        async let watchdog: Void? = manager?.keepAlive { await ready.client.isAlive() }
        if drill { try await runDrill(ready) }
        await watchdog
    }

    private func runDrill(_ ready: JarvisServer.Ready) async throws {
        Console.print("Fire drill: a canary service is started, broken, and reported to Jarvis' own webhook.")
        let begin = ContinuousClock.now
        do {
            let follower = IncidentFollower(client: ready.client, format: TimelineFormat(palette: Console.palette))
            let incident = try await follower.follow(try await ready.client.startDrill(), print: Console.print)
            Console.print(DrillReport.line(incident, took: ContinuousClock.now - begin))
        } catch let failure as OperatorClient.Failure {
            Console.report("jarvis: the drill could not be run: \(failure)")
            Console.print("drill: outcome=none verdict=none seconds=0")
        }
        Console.print("Serving at \(ready.baseURL) until Ctrl-C. Run it again with: jarvis drill")
    }

    /// The path that the canary is started with: the program itself, wherever it was called from.
    private static func executable() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}
