// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What one look at everything gave.
package struct Observation: Sendable, Equatable {
    /// At most one signal of each kind.
    package let signals: [Signal]
    /// Intervals learned on the way.
    package let timing: ObservationTiming
    /// The raw annotations of the rule behind the incident's first alert; empty where it could not be asked.
    package let annotations: [String: String]
    /// What says that a fault is intended, or somebody at it; looked for before a plan is made.
    package var signs: [RestraintSign] = []

    /// Records a look.
    package init(
        signals: [Signal], timing: ObservationTiming = ObservationTiming(), annotations: [String: String] = [:]
    ) {
        self.signals = signals
        self.timing = timing
        self.annotations = annotations
    }
}
