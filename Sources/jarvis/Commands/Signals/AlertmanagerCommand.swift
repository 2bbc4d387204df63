// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisClients
import JarvisCore

struct AlertmanagerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alertmanager", abstract: "Look at the configured Alertmanager.",
        subcommands: [Status.self, Alerts.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Its version, its cluster and since when it runs.")
        @OptionGroup var upstream: UpstreamOptions

        func run() async throws {
            let status = try await upstream.look { view throws(AlertingError) in try await view.status() }
            AlertingReport.lines(status, now: Date()).forEach(Console.print)
        }
    }

    struct Alerts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Its alerts, and what keeps them back: silences and other alerts.",
            discussion: """
                With labels only the alerts that have all of them, whatever others they have. Exits with 1 where there is
                none.
                """)
        @OptionGroup var upstream: UpstreamOptions
        @Argument(help: "LABEL=VALUE, any number of them.") var labels: [String] = []
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            var wanted: [String: String] = [:]
            for label in labels {
                let sides = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard sides.count == 2, !sides[0].isEmpty else {
                    throw ValidationError("'\(UntrustedText(label).display(limit: 60))' is not LABEL=VALUE")
                }
                wanted[sides[0]] = sides[1]
            }
            let labels = LabelSet(wanted)
            let alerts = try await upstream.look { view throws(AlertingError) in try await view.alerts(with: labels) }
            if json {
                Console.print(try JSONLine.of(alerts.map(AlertingReport.Document.init)))
            } else {
                AlertingReport.lines(alerts).forEach(Console.print)
            }
            if alerts.isEmpty { throw ExitCode.negative }
        }
    }
}

extension UpstreamOptions {
    /// Asks the configured Alertmanager for something, or says why it can't be had.
    fileprivate func look<Result>(
        _ body: (any AlertingView) async throws(AlertingError) -> Result
    ) async throws -> Result {
        try await lend(\.alertmanager, named: "alertmanager") { upstream, transport in
            do throws(AlertingError) {
                return try await body(upstream.alertmanager(transport))
            } catch {
                throw reported(error, isRefusal: !error.isRetryable)
            }
        }
    }
}
