// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Decides what the monitoring system's facts prove.
package enum MetricsJudgement {
    private static let source = "rule state and expression"
    private static let tooSlow = (
        Signal.Reading.unknown,
        "the expression looks back too far, or is scraped too seldom, to show a recovery before any deadline"
    )

    /// The signal that the source could not be asked.
    package static func unavailable(_ reason: String, observedAt: Date) -> Signal {
        Signal(kind: .metrics, source: source, reading: .unknown, detail: reason, observedAt: observedAt)
    }

    /// Judges a reading; nil means that the source has no such rule.
    ///
    /// An empty expression is positive only when every instant selector in it, narrowed to the alert's labels, has a
    /// fresh sample that was taken after `since` (SPEC section 9): a dead exporter leaves an expression just as empty.
    ///
    /// - Parameter since: evidence must be newer than this; nil while nothing was changed yet.
    package static func signal(for reading: AlertRuleReading?, since: Date?, observedAt: Date) -> Signal {
        let (judgement, detail) = judge(reading, since: since, observedAt: observedAt)
        return Signal(
            kind: .metrics, source: source, reading: judgement, detail: detail, observedAt: observedAt,
            measures: reading.flatMap(measures))
    }

    /// The rule's expression by a digest, and how many series it is about: a rule that was edited is another measure.
    private static func measures(_ reading: AlertRuleReading) -> [Signal.Measure]? {
        guard let expression = reading.expression else { return nil }
        let digest = Fingerprint(of: LabelSet(["expression": expression]))
        let series: Int =
            switch reading.presence {
            case .selectors(let selectors): selectors.map(\.series).reduce(0, +)
            case .underivable: 0
            }
        return [Signal.Measure("the rule's expression \(digest)", count: series)]
    }

    /// The signal of several alerts together: bad as soon as one is, good only when all of them are.
    ///
    /// - Parameter count: how many alerts there are; those without a signal count as unknown.
    package static func together(_ signals: [Signal], of count: Int, observedAt: Date) -> Signal {
        let decisive =
            signals.first { $0.reading == .bad || $0.reading == .badForGood }
            ?? signals.first { $0.reading == .unknown }
        guard let signal = decisive ?? (signals.count == count ? signals.first : nil) else {
            return unavailable("not every alert of the incident was asked about", observedAt: observedAt)
        }
        return Signal(
            kind: .metrics, source: signal.source, reading: signal.reading, detail: signal.detail.verbatim,
            observedAt: signal.observedAt, measures: all(signals.compactMap(\.measures)))
    }

    /// The measures of several alerts; those of one rule are counted together.
    private static func all(_ measures: [[Signal.Measure]]) -> [Signal.Measure]? {
        guard !measures.isEmpty else { return nil }
        let counts = Dictionary(measures.joined().map { ($0.what, $0.count) }, uniquingKeysWith: +)
        return counts.sorted { $0.key < $1.key }.map { Signal.Measure($0.key, count: $0.value) }
    }

    private static func judge(_ reading: AlertRuleReading?, since: Date?, observedAt: Date) -> (Signal.Reading, String)
    {
        guard let reading else { return (.unknown, "no rule of this name for these labels") }
        if let error = reading.ruleError { return (.unknown, "the rule's own evaluation fails: \(error)") }
        let isFastEnough = VerificationTiming.metricsCanContribute(reading.timing)
        // Before a change a condition that holds is bad, however slow; after one it may only not have noticed yet.
        guard isFastEnough || since == nil else { return tooSlow }
        if reading.state == .pending { return (.bad, "the rule says pending") }
        guard let rows = reading.rows else { return (.unknown, "the rule's expression could not be evaluated") }
        if rows > 0 { return (.bad, "the rule's expression still holds (\(rows) series)") }
        guard isFastEnough else { return tooSlow }
        switch reading.presence {
        case .underivable(let reason):
            return (.unknown, "the expression is empty, which proves nothing here: \(reason)")
        case .selectors(let selectors):
            return judge(selectors, of: reading, since: since, observedAt: observedAt)
        }
    }

    private static func judge(
        _ selectors: [AlertRuleReading.Selector], of reading: AlertRuleReading, since: Date?, observedAt: Date
    ) -> (Signal.Reading, String) {
        guard !selectors.isEmpty else { return (.unknown, "the expression is empty and measures nothing") }
        // Two missed scrapes are stale; without a known interval, Prometheus' default of one minute is assumed.
        let staleAfter = 2 * (reading.timing.scrapeInterval ?? 60) + 2
        for selector in selectors {
            guard let newest = selector.newestSample else {
                return (.unknown, "the expression is empty because nothing matches \(selector.text)")
            }
            let age = reading.sourceTime.timeIntervalSince(newest)
            guard age.isFinite, age >= -staleAfter else {
                return (.unknown, "the newest sample of \(selector.text) is \(seconds(-age)) in the future")
            }
            guard age <= staleAfter else {
                return (.unknown, "the newest sample of \(selector.text) is \(seconds(age)) old")
            }
            // Compared as ages, so that a clock of the source that is off does not matter.
            if let since, age >= observedAt.timeIntervalSince(since) {
                return (.unknown, "no sample of \(selector.text) is newer than the change yet")
            }
        }
        let lag = reading.state == .firing ? "; the rule itself has not caught up" : ""
        return (.good, "the expression is empty and all it measures is present and fresh\(lag)")
    }

    /// A source may send any number for a time.
    private static func seconds(_ value: Double) -> String { abs(value) < 1e9 ? "\(Int(value)) s" : "impossibly long" }
}
