// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

/// What a reading asks Prometheus for; each answer is a fact or an error, never a guess.
package protocol PrometheusAnswering: Sendable {
    /// The value of an expression now or at an instant.
    func query(_ expression: String, at time: Date?) async throws(PrometheusError) -> PrometheusQueryResult
    /// The alerting rules, each with its active alerts.
    func rules() async throws(PrometheusError) -> [PrometheusRule]
    /// The global intervals and external labels of the running configuration.
    func settings() async throws(PrometheusError) -> PrometheusSettings
    /// The targets that are being scraped, reachable or not.
    func targets() async throws(PrometheusError) -> [PrometheusTarget]
}

extension PrometheusClient: PrometheusAnswering {}

extension PrometheusAnswering {
    /// Reads everything Prometheus knows about the alert with these labels, as the webhook delivered them.
    ///
    /// Throws `PrometheusError` as soon as one part can't be had: half a reading could look like a repair.
    package func reading(
        forAlertLabels delivered: [String: String], now: @Sendable () -> Date = { Date() }
    ) async throws(PrometheusError) -> AlertRuleReading {
        let before = now()
        let clock = try await query("time()", at: nil)
        let local = before.addingTimeInterval(now().timeIntervalSince(before) / 2)
        guard let time = clock.samples.first?.value.map(Date.init(timeIntervalSince1970:)) else {
            throw .decode(path: "data.result")
        }
        let settings = try await settings()
        let candidates = try await rules().filter { $0.canHaveMade(delivered) }
        let active = candidates.filter { $0.alert(for: delivered) != nil }
        guard let rule = active.count == 1 ? active.first : candidates.first else {
            return AlertRuleReading(
                lookup: .notFound, prometheusTime: time, localTime: local, warnings: clock.warnings)
        }
        guard candidates.count == 1 || active.count == 1 else {
            return AlertRuleReading(
                lookup: .ambiguous(count: candidates.count), prometheusTime: time, localTime: local,
                warnings: clock.warnings)
        }
        let scope = AlertLabelScope(delivered: delivered, rule: rule, externalLabels: settings.externalLabels)
        let measurement = try await measure(rule, scope, settings, at: time)
        return AlertRuleReading(
            lookup: .found(AlertRuleReading.Rule(rule, scope, settings, measurement)), prometheusTime: time,
            localTime: local, warnings: clock.warnings + measurement.warnings)
    }

    private func measure(
        _ rule: PrometheusRule, _ scope: AlertLabelScope, _ settings: PrometheusSettings, at time: Date
    ) async throws(PrometheusError) -> RuleMeasurement {
        let selectors = PromQLSelectors(rule.query)
        let expression = try await rows(of: rule.query, for: scope, at: time)
        var measurement = RuleMeasurement(
            selectors: selectors, expressionRows: expression.samples.map(\.labels).filter(scope.covers),
            beginnings: try await beginnings(of: scope, at: time), warnings: expression.warnings)
        if case .underivable = selectors.presence { return measurement }
        let targets = try await intervalsOfTargets()
        for result in await samples(of: selectors.uses, scope, at: time) {
            let (use, narrowed, found) = try result.get()
            measurement.add(use, narrowed, found, targets, otherwise: settings.scrapeInterval)
        }
        return measurement
    }

    /// The result of a rule's expression, of the alert's rows alone where its text allows to ask for them only.
    ///
    /// What else may be among them is left to the caller's filter. A failure that lies in other series is not seen here; it
    /// is in the rule's own health.
    private func rows(
        of expression: String, for scope: AlertLabelScope, at time: Date
    ) async throws(PrometheusError) -> PrometheusQueryResult {
        let narrowed: PromQLNarrowing
        do throws(PromQLSelectors.Reason) {
            narrowed = try PromQLNarrowing(expression, to: scope.ofSeries)
        } catch {
            return try await query(expression, at: time)
        }
        do throws(PrometheusError) {
            return try await query(narrowed.expression, at: time)
        } catch {
            // Only the conditions can be at fault, by a value that is too long for a matcher, say: then without them.
            guard case .badData = error, narrowed.expression != expression else { throw error }
            return try await query(expression, at: time)
        }
    }

    /// Prometheus keeps when an alert became active as the value of a series: what changes it is a new beginning.
    private func beginnings(
        of scope: AlertLabelScope, at time: Date
    ) async throws(PrometheusError) -> AlertRuleReading.Beginnings {
        let labels = scope.delivered.sorted { $0.key < $1.key }.compactMap { name, value in
            name == "alertname" ? .init(name, .equal, value) : PromQLSelector.Matcher.equalIfPresent(name, value)
        }
        guard let series = PromQLSelector(metric: "ALERTS_FOR_STATE", matchers: labels).map({ "\($0)[15m]" }) else {
            return AlertRuleReading.Beginnings(last: nil, mean: nil)
        }
        let none = AlertRuleReading.Beginnings(last: nil, mean: nil)
        let last: Double?
        let means: [Double]
        do throws(PrometheusError) {
            last = try await query("max_over_time(\(series))", at: time).samples.compactMap(\.value).max()
            let span = "(max_over_time(\(series)) - min_over_time(\(series)))"
            means = try await query("\(span) / (changes(\(series)) >= 3)", at: time).samples.compactMap(\.value)
        } catch {
            // A label that is too long for a matcher, say: that costs what this would have told, and nothing else.
            guard case .badData = error else { throw error }
            return none
        }
        guard let last, last > 0, last < 1e11 else { return none }
        return AlertRuleReading.Beginnings(
            last: Date(timeIntervalSince1970: last),
            mean: means.filter { $0 > 0 && $0 < 900 }.max().map { .seconds($0) })
    }

    private typealias SelectorResult = Result<
        (PromQLSelectors.Use, PromQLSelector, PrometheusQueryResult), PrometheusError
    >

    /// Asks for all selectors at once; there are at most sixteen, and the transport has its own bound.
    private func samples(
        of uses: [PromQLSelectors.Use], _ scope: AlertLabelScope, at time: Date
    ) async -> [SelectorResult] {
        await withTaskGroup(of: (Int, SelectorResult).self) { group in
            for (index, use) in uses.enumerated() {
                let narrowed = use.selector.narrowed(by: scope.matchers(for: use))
                group.addTask {
                    do throws(PrometheusError) {
                        // The sample's own time: the value of a stale series looks as good as that of a live one.
                        return (index, .success((use, narrowed, try await query("timestamp(\(narrowed))", at: time))))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            let results = await group.reduce(into: []) { $0.append($1) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The scrape intervals by job and instance; none where the list of targets is too long to be read.
    private func intervalsOfTargets() async throws(PrometheusError) -> ScrapeIntervals {
        do throws(PrometheusError) {
            return ScrapeIntervals(try await targets())
        } catch .tooLarge {
            return ScrapeIntervals([])
        }
    }
}
