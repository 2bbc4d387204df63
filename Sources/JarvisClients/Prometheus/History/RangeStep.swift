// SPDX-License-Identifier: Apache-2.0
/// How far apart the instants of a range query are.
enum RangeStep {
    /// Prometheus answers at most so many instants for a series.
    static let mostInstants = 11_000

    /// A step that gives at most `instants` of them, in whole seconds, never below the scrape interval.
    ///
    /// What lies closer together than two scrapes is the same sample told twice.
    static func choose(over length: Duration, scrapeInterval: Duration, instants: Int) -> Duration {
        let steps = max(1, min(instants, mostInstants) - 1)
        let needed = (length / .seconds(1) / Double(steps)).rounded(.up)
        let scrape = (scrapeInterval / .seconds(1)).rounded(.up)
        return .seconds(max(1, needed, scrape))
    }

    /// A step as a range query takes it.
    static func seconds(_ step: Duration) -> String {
        let milliseconds = max(1, step.components.seconds * 1000 + step.components.attoseconds / 1_000_000_000_000_000)
        return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
    }
}
