// SPDX-License-Identifier: Apache-2.0

/// Which jobs somebody wants, and in which order.
package struct JobSelection: Sendable, Hashable {
    /// What goes first among the jobs that are due.
    package enum Order: Sendable, Hashable {
        /// By priority, then due time, then number.
        case urgency
        /// By due time, then number, so that nothing waits for ever behind what is more urgent.
        case age
    }

    /// Only these kinds; nil for all.
    package var kinds: Set<String>?
    /// How many more jobs a lane may take, where that is not `lanePlaces`.
    package var placesLeft: [String: Int]
    /// How many jobs of one lane may be taken; jobs without a lane are not limited.
    package var lanePlaces: Int
    /// What goes first.
    package var order: Order

    /// Everything, the most urgent first.
    package init(
        kinds: Set<String>? = nil, placesLeft: [String: Int] = [:], lanePlaces: Int = .max, order: Order = .urgency
    ) {
        self.kinds = kinds
        self.placesLeft = placesLeft
        self.lanePlaces = lanePlaces
        self.order = order
    }

    /// The lanes of which no job may be taken, sorted.
    package var fullLanes: [String] { placesLeft.filter { $0.value <= 0 }.keys.sorted() }

    /// How many jobs of a lane may be taken.
    package func places(in lane: String) -> Int { lane.isEmpty ? .max : placesLeft[lane] ?? lanePlaces }

    /// Takes a place in a lane; false, and nothing taken, where there is none.
    package mutating func takePlace(in lane: String) -> Bool {
        guard !lane.isEmpty else { return true }
        let places = places(in: lane)
        guard places > 0 else { return false }
        placesLeft[lane] = places == .max ? .max : places - 1
        return true
    }
}
