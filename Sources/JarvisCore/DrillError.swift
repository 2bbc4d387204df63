// SPDX-License-Identifier: Apache-2.0

/// Why a fire drill could not be started.
package enum DrillError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One runs already.
    case alreadyRunning
    /// The canary did not come up, or could not be broken.
    case canary(reason: String)
    /// The alert was posted and no incident followed.
    case noIncident

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .alreadyRunning: "a drill is running already"
        case .canary(let reason): "the canary could not be prepared: \(reason)"
        case .noIncident: "the drill's alert was accepted but no incident followed; look at the log for failed jobs"
        }
    }
}
