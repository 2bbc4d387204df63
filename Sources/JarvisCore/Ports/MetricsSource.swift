// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Asks the monitoring system about one alert.
package protocol MetricsSource: Sendable {
    /// Everything the monitoring system says now about the alert with these labels.
    ///
    /// Facts only; what they prove is decided by the engine. nil: the source has no rule of that name for these labels
    /// (removed, renamed, relabelled). Throws when the source can't be asked at all.
    func reading(of labels: LabelSet) async throws(MetricsSourceError) -> AlertRuleReading?
}

/// Why the monitoring system could not be asked.
package struct MetricsSourceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, in a sentence that names the address but no secret.
    package let description: String

    /// Wraps the client's own description.
    package init(_ description: String) { self.description = description }
}

/// What a monitoring system says about one alert and the rule behind it.
package struct AlertRuleReading: Sendable, Equatable {
    /// State of the alert in the rule.
    package enum State: String, Sendable {
        /// The condition holds and `for` has passed.
        case firing
        /// The condition holds; `for` has not passed.
        case pending
        /// The rule has no such alert.
        case inactive
    }

    /// What was seen of one instant selector of the rule's expression, narrowed to the alert's labels.
    package struct Selector: Sendable, Equatable {
        /// The selector as asked.
        package let text: String
        /// Time of its newest sample; nil: no series matches.
        package let newestSample: Date?
        /// Whether presence itself is the fault (`absent()` around it is what the rule looks for being *gone*).
        package let inverted: Bool
        /// How many series have a fresh sample.
        package let series: Int

        /// Records a selector.
        package init(text: String, newestSample: Date?, inverted: Bool = false, series: Int = 1) {
            self.text = text
            self.newestSample = newestSample
            self.inverted = inverted
            self.series = series
        }
    }

    /// Whether the presence of what the rule measures can be derived from its expression.
    package enum Presence: Sendable, Equatable {
        /// Every instant selector was found and asked.
        case selectors([Selector])
        /// The expression is not one that presence can be derived from.
        case underivable(reason: String)
    }

    /// State in the rule.
    package let state: State
    /// The rule's last evaluation failed: its error.
    package let ruleError: String?
    /// Rows of the rule's own expression, evaluated now, that concern these labels; nil: could not be evaluated.
    package let rows: Int?
    /// Presence of what is measured.
    package let presence: Presence
    /// The source's own clock at that evaluation.
    package let sourceTime: Date
    /// Intervals, for windows and deadlines.
    package let timing: ObservationTiming
    /// The rule's annotations as the operator wrote them: raw templates, in which no label has been put yet.
    package let annotations: [String: String]
    /// The rule's expression as the source has it now; nil: not told.
    package let expression: String?

    /// Records a reading.
    package init(
        state: State, ruleError: String?, rows: Int?, presence: Presence, sourceTime: Date, timing: ObservationTiming,
        annotations: [String: String] = [:], expression: String? = nil
    ) {
        self.state = state
        self.ruleError = ruleError
        self.rows = rows
        self.presence = presence
        self.sourceTime = sourceTime
        self.timing = timing
        self.annotations = annotations
        self.expression = expression
    }
}
