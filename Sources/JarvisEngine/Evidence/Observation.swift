// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What one look at everything gave.
package struct Observation: Sendable, Equatable {
    /// At most one signal of each kind.
    package let signals: [Signal]
    /// Intervals learned on the way.
    package let timing: ObservationTiming

    /// Records a look.
    package init(signals: [Signal], timing: ObservationTiming = ObservationTiming()) {
        self.signals = signals
        self.timing = timing
    }
}
