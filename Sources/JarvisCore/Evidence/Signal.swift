// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One observation used as evidence.
package struct Signal: Sendable, Codable, Equatable {
    /// Where an observation comes from; two different kinds are needed to prove a repair (SPEC section 9).
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Rule state, the rule's expression and the resolved delivery together: one source.
        case metrics
        /// State read on the host.
        case target
        /// An answer from outside the target.
        case service
    }

    /// What the observation means.
    package enum Reading: String, Sendable, Codable {
        /// The thing is present and good.
        case good
        /// Measured, and not good.
        case bad
        /// Measured, not good, and nothing will change it by itself any more.
        case badForGood
        /// Could not be measured, or proves nothing; never counts as good.
        case unknown
    }

    /// Its kind.
    package let kind: Kind
    /// What was asked, for people: `docker inspect web on nexus`.
    package let source: String
    /// What it means.
    package let reading: Reading
    /// The facts behind the reading.
    package let detail: UntrustedText
    /// When it was measured, by Jarvis' clock.
    package let observedAt: Date
    /// For targets: which run of the thing was seen (process, invocation), so that a new start can be told apart.
    package let instance: String?
    /// For containers: the engine's identifier, the same for every name that it has; nil: not told.
    package let identity: String?
    /// What it was measured by; nil: not told, as in what was stored before this was noted.
    package let measures: [Measure]?
    /// For targets: whether its host has started it again by itself since somebody started it; nil: not told.
    package let isRestartedByItself: Bool?

    /// The same, held to what the same thing was measured by in an earlier look.
    package func held(to earlier: [Signal]) -> Signal {
        guard let first = earlier.first(where: { $0.kind == kind && $0.source == source })?.measures else {
            return self
        }
        return Signal(
            kind: kind, source: source, reading: reading, detail: detail.verbatim, observedAt: observedAt,
            instance: instance, identity: identity, measures: first, isRestartedByItself: isRestartedByItself)
    }

    /// One thing that a reading rests on: a rule's expression with its series, a check that a container has.
    ///
    /// What is good by fewer measures than it was bad by is not known to be good.
    package struct Measure: Sendable, Codable, Equatable {
        /// Which one, the same in every look.
        package let what: String
        /// How many values went into it.
        package let count: Int

        /// Names a measure.
        package init(_ what: String, count: Int = 1) {
            self.what = what
            self.count = count
        }
    }

    /// Records an observation.
    package init(
        kind: Kind, source: String, reading: Reading, detail: String, observedAt: Date, instance: String? = nil,
        identity: String? = nil, measures: [Measure]? = nil, isRestartedByItself: Bool? = nil
    ) {
        self.kind = kind
        self.source = source
        self.reading = reading
        self.detail = UntrustedText(detail)
        self.observedAt = observedAt
        self.instance = instance
        self.identity = identity
        self.measures = measures
        self.isRestartedByItself = isRestartedByItself
    }
}
