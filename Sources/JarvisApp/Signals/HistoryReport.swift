// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// How the series of an expression developed, for people and for programs.
package struct HistoryReport: Sendable {
    /// Series that are shown; of further ones only the number is told.
    package static let mostRows = 100

    private let histories: [MetricHistory]
    private let range: MetricRange
    private let threshold: MetricThreshold?

    /// Reads every series of an answer.
    package init(_ range: MetricRange, kind: MetricHistory.Kind, threshold: MetricThreshold?) {
        histories = range.series.map { MetricHistory($0, window: range.window, kind: kind) }
        self.range = range
        self.threshold = threshold
    }

    /// A table with a line about the grid before it.
    package func lines() -> [String] {
        let window = range.window
        let from = RFC3339.format(window.start).prefix(19)
        let to = RFC3339.format(window.end).prefix(19)
        var lines = ["\(from)Z to \(to)Z, a sample every \(CompactNumber.text(window.step)) s"]
        lines += range.warnings.map { "warning: \(UntrustedText($0).display())" }
        guard !histories.isEmpty else { return lines + ["no series: nothing matches, or nothing was measured"] }
        var head = ["SERIES", "NOW", "MIN", "MAX", "AVG", "PER HOUR", "TREND", "POINTS", "MISSING", "BREAKS"]
        if let threshold {
            head.append("\(threshold.side.rawValue.uppercased()) \(CompactNumber.text(threshold.value))")
        }
        var table = TextTable(head)
        for history in histories.prefix(Self.mostRows) { table.add(row(history)) }
        lines += table.render().split(separator: "\n").map(String.init)
        if histories.count > Self.mostRows {
            lines.append("and \(histories.count - Self.mostRows) more series: select fewer, or take --json")
        }
        return lines
    }

    private func row(_ history: MetricHistory) -> [String] {
        var cells = [SeriesName.text(history.labels)]
        switch history.findings {
        case .noPoints: cells += ["-", "-", "-", "-", "-", "no samples"]
        case .notFinite: cells += ["-", "-", "-", "-", "-", "no numbers"]
        case .tooFewPoints(let summary): cells += figures(summary) + ["-", "too few"]
        case .measured(let summary, let line):
            let slope = "\(CompactNumber.text(line.slope)) ±\(CompactNumber.text(line.slopeMargin))"
            cells += figures(summary) + [slope, line.direction.rawValue]
        }
        cells += [
            history.notFinite > 0 ? "\(history.points)+\(history.notFinite) NaN" : "\(history.points)",
            "\(history.missing)", "\(history.resets + history.jumps)",
        ]
        if let threshold { cells.append(history.exhaustion(of: threshold).sentence) }
        return cells
    }

    private func figures(_ summary: MetricHistory.Summary) -> [String] {
        [summary.current, summary.minimum, summary.maximum, summary.average].map(CompactNumber.text)
    }

    /// Everything, every series included.
    package func document(of expression: String) -> HistoryDocument {
        HistoryDocument(
            expression: expression, from: RFC3339.format(range.window.start), to: RFC3339.format(range.window.end),
            stepSeconds: range.window.step, warnings: range.warnings,
            series: histories.map { HistoryDocument.Series($0, threshold) })
    }
}

extension Exhaustion {
    /// For a cell of a table.
    fileprivate var sentence: String {
        func hours(_ value: Double) -> String { "\(CompactNumber.text(value)) h" }
        return switch self {
        case .reached: "reached"
        case .expected(let forecast):
            "in \(hours(forecast.hours)) (\(CompactNumber.text(forecast.earliest)) to \(hours(forecast.latest)))"
        case .tooFarAhead(let time): "not foreseeable (\(hours(time)))"
        case .flat: "unclear: flat within noise"
        case .movingAway: "moves away"
        case .tooFewPoints(let count): "unclear: \(count) points are too few"
        case .noValue: "unclear: no value"
        case .ended(let last): "unclear: no samples since \(RFC3339.format(last).prefix(19))Z"
        case .interrupted(let jumps): "unclear: the level jumped (\(jumps)); look at a shorter time"
        }
    }
}
