// SPDX-License-Identifier: Apache-2.0

/// How long an undo looks at what it put back.
package enum UndoTiming {
    /// Seconds for which the fields must stay what the snapshot says: what starts things again by itself does so sooner.
    package static let stabilityWindow = 10.0
    /// Seconds between two looks.
    package static let pause = 2.0
    /// Seconds after the command in which they must have become so.
    package static let patience = 60.0
    /// Seconds before a command that was not started is tried again.
    package static let retryPause = 10.0
    /// Seconds for which something may keep it from beginning; what a person does meanwhile must not be undone later.
    package static let longestHold = 300.0
    /// Seconds before a state that could not be read is asked for again.
    package static let unseenPause = 5.0
    /// Seconds after a step that its host ended before what is there is taken for its effect.
    package static let settling = 15.0
    /// How often one is tried that was certainly not started.
    package static let maximumFailures = 3
}
