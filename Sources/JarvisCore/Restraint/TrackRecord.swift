// SPDX-License-Identifier: Apache-2.0

/// How often changes did not help lately: what breakers and quarantine look at.
package struct TrackRecord: Sendable, Equatable {
    /// Incidents with a change of this pattern that ended otherwise than `fixed`, and endings as `fixed` withdrawn.
    package var ofPattern: Int
    /// The same on this target.
    package var onTarget: Int
    /// The same of all patterns everywhere.
    package var inAll: Int

    /// Counts.
    package init(ofPattern: Int = 0, onTarget: Int = 0, inAll: Int = 0) {
        self.ofPattern = ofPattern
        self.onTarget = onTarget
        self.inAll = inAll
    }
}

/// From how many failures on a person is asked first.
package struct Breakers: Sendable, Codable, Equatable {
    /// Failures of one pattern.
    package var pattern: Int
    /// Failures on one target, which is then in quarantine.
    package var target: Int
    /// Failures in all.
    package var all: Int
    /// Seconds that are looked back.
    package var window: Double

    /// The limits of an owner who said nothing.
    package static let standard = Breakers(pattern: 3, target: 2, all: 8, window: 21_600)

    /// Sets limits.
    package init(pattern: Int, target: Int, all: Int, window: Double) {
        self.pattern = pattern
        self.target = target
        self.all = all
        self.window = window
    }

    /// Why a plan must be approved although it might run; nil: nothing says so.
    package func caution(_ record: TrackRecord, pattern name: String, target: Target) -> String? {
        let hours = Int((window / 3600).rounded())
        if record.onTarget >= self.target {
            return "\(target) is in quarantine: \(record.onTarget) repairs within \(hours) h did not help"
        }
        if record.ofPattern >= pattern {
            return "the breaker of pattern \(name) is open: \(record.ofPattern) repairs within \(hours) h did not help"
        }
        if record.inAll >= all {
            return "the breaker for everything is open: \(record.inAll) repairs within \(hours) h did not help"
        }
        return nil
    }
}
