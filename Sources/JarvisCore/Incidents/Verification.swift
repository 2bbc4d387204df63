// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The state of watching signals until a verdict.
package struct Verification: Sendable, Codable, Equatable {
    /// What is being proven.
    package enum Purpose: String, Sendable, Codable {
        /// That a repair worked.
        case repair
        /// That the fault went away before anything was changed.
        case recovery
    }

    /// What is being proven.
    package let purpose: Purpose
    /// Evidence counts only from here on: the end of the last step, or the moment recovery was suspected.
    package let since: Date
    /// When it must end with what is known by then.
    package var deadline: Date
    /// Seconds over which signals must stay good; grows when the sources turn out to be slower than thought.
    package var stabilityWindow: Double
    /// Round of observation, from 0.
    package var round: Int
    /// Since when each kind has been good without a gap.
    package var goodSince: [Signal.Kind: Date]
    /// The newest signal of each kind.
    package var latest: [Signal.Kind: Signal]
    /// Observations in a row in which the target was bad for good.
    package var finalReadings: Int
    /// The run of the target that was seen last; nil: none yet.
    package var lastRun: String?
    /// When the alert began last, as the source says; nil: not known.
    package var lastBeginning: Double?
    /// The longest time in seconds that something was good before it was bad again; nil: that was not seen.
    package var longestRespite: Double?

    /// Starts watching.
    package init(purpose: Purpose, since: Date, deadline: Date, stabilityWindow: Double) {
        self.purpose = purpose
        self.since = since
        self.deadline = deadline
        self.stabilityWindow = stabilityWindow
        round = 0
        goodSince = [:]
        latest = [:]
        finalReadings = 0
    }
}

extension Signal.Kind: CodingKeyRepresentable {}
