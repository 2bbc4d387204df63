// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisClients
import JarvisCore

struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Ask the configured Prometheus.", subcommands: [History.self])

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how the series of an expression developed, and when they reach a threshold.",
            discussion: """
                PER HOUR is the slope of the line through all samples with its 95 % confidence interval; where that holds
                zero the TREND is flat. BREAKS counts resets of a counter and jumps of a gauge's level. With --threshold
                the last column says when the line is there, with the earliest and the latest time, or why nobody can
                say. See docs/SIGNALS.md.

                Example: jarvis metrics history 'node_filesystem_avail_bytes{mountpoint="/"}' --threshold 0 --towards below
                """)
        @OptionGroup var upstream: UpstreamOptions
        @Argument(help: "A PromQL expression.") var expression: String
        @Option(help: "How many hours to look back.") var hours = 24.0
        @Option(help: "A value that the series should not reach.") var threshold: Double?
        @Option(help: "On which side of the threshold the trouble is: above or below.")
        var towards: MetricThreshold.Side?
        @Flag(help: "Read the values as counters, which begin at zero again when their process does.") var counter =
            false
        @Flag(help: "Print JSON.") var json = false

        func validate() throws {
            guard (0.05...17_520).contains(hours) else { throw ValidationError("--hours is from 0.05 to 17520") }
            guard (threshold == nil) == (towards == nil) else {
                throw ValidationError("--threshold and --towards go together")
            }
            if let threshold, !threshold.isFinite { throw ValidationError("--threshold is a number") }
        }

        func run() async throws {
            let range = try await upstream.lend(\.prometheus, named: "prometheus") { upstream, transport in
                let source: any MetricHistorySource = PrometheusMetricHistorySource(upstream.prometheus(transport))
                do throws(MetricHistoryError) {
                    return try await source.series(of: expression, over: .seconds(hours * 3600), until: Date())
                } catch {
                    throw reported(error, isRefusal: error.isRefusal)
                }
            }
            var limit: MetricThreshold?
            if let threshold, let towards { limit = MetricThreshold(threshold, towards) }
            let report = HistoryReport(range, kind: counter ? .counter : .gauge, threshold: limit)
            guard !json else { return Console.print(try JSONLine.of(report.document(of: expression))) }
            report.lines().forEach(Console.print)
        }
    }
}

extension MetricThreshold.Side: ExpressibleByArgument {}
