// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Prometheus as the core's source of metrics' history.
package struct PrometheusMetricHistorySource: MetricHistorySource {
    /// A day at a minute apart: enough for a trend, and small enough for many series in one answer.
    private static let instants = 1_441
    /// Where Prometheus does not tell its own.
    private static let usualScrapeInterval = Duration.seconds(15)

    private let client: PrometheusClient

    /// Asks through this client.
    package init(_ client: PrometheusClient) { self.client = client }

    package func series(
        of expression: String, over length: Duration, until end: Date
    ) async throws(MetricHistoryError) -> MetricRange {
        do throws(PrometheusError) {
            let step = RangeStep.choose(
                over: length, scrapeInterval: try await scrapeInterval(), instants: Self.instants)
            // Whole seconds, as everything else of the grid: what is asked for is what is answered.
            let last = Date(timeIntervalSince1970: end.timeIntervalSince1970.rounded(.down))
            let start = last.addingTimeInterval(-(length / .seconds(1)).rounded(.down))
            let result = try await client.queryRange(expression, from: start, to: last, step: step)
            return MetricRange(
                window: MetricWindow(start: start, end: last, step: step / .seconds(1)),
                series: result.series.map { MetricSeries(labels: LabelSet($0.labels), points: $0.points) },
                warnings: result.warnings)
        } catch {
            throw MetricHistoryError(error)
        }
    }

    /// Servers that only speak like Prometheus need not show a configuration.
    private func scrapeInterval() async throws(PrometheusError) -> Duration {
        do throws(PrometheusError) {
            return try await client.settings().scrapeInterval
        } catch .badData, .execution, .unauthorized, .notPrometheus, .decode, .tooLarge {
            return Self.usualScrapeInterval
        }
    }
}

extension MetricHistoryError {
    fileprivate init(_ error: PrometheusError) {
        switch error {
        case .badData(let message), .execution(let message): self = .refused(UntrustedText(message))
        case .tooLarge:
            self = .unavailable(reason: "\(error): select fewer series, or look at a shorter time")
        default: self = .unavailable(reason: "\(error)")
        }
    }
}
