// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Which random worlds a simulation goes through; `make sim-test SEEDS=n FIRST=n` asks for others.
package enum SimulationSeeds {
    /// `count` seeds from 0, or as the environment says: `SIMULATION_SEEDS` and `SIMULATION_FIRST`.
    package static func range(_ count: UInt64) -> Range<UInt64> {
        func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
        let first = number("SIMULATION_FIRST") ?? 0
        return first..<(first + (number("SIMULATION_SEEDS") ?? count))
    }
}
