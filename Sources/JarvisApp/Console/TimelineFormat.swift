// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Prints timelines for people: time, phase, what, and the evidence below.
package struct TimelineFormat: Sendable {
    private let palette: Palette

    /// Prints in this palette.
    package init(palette: Palette) { self.palette = palette }

    /// The lines of one entry.
    package func lines(_ entry: TimelineEntry) -> [String] {
        let time = RFC3339.format(entry.at).dropFirst(11).prefix(12)
        let detail = entry.detail.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head =
            palette.dim(String(time)) + "  " + pad(entry.phase, 16) + "  " + palette.strong(pad(entry.what, 20)) + "  "
            + (detail.first ?? "")
        let rest = detail.dropFirst().map { ("              " + $0).trimmingTrailingSpaces }
        return [head.trimmingTrailingSpaces] + rest + entry.evidence.map { "              " + line($0) }
    }

    private func line(_ signal: Signal) -> String {
        let reading = pad(signal.reading.rawValue, 10)
        let coloured =
            switch signal.reading {
            case .good: palette.good(reading)
            case .bad, .badForGood: palette.bad(reading)
            case .unknown: palette.warn(reading)
            }
        return palette.dim("  evidence    ") + pad(signal.kind.rawValue, 8) + " " + coloured + " "
            + signal.detail.display(limit: 160)
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
