// SPDX-License-Identifier: Apache-2.0

/// Something that says that a fault is somebody's intention, that somebody is at it already, or that it is neither.
///
/// The table of signs is `weight`: 1 would be certainty; a negative one speaks against an intention. docs/RESTRAINT.md
/// shows it to operators.
package enum RestraintSign: String, Sendable, Equatable, CaseIterable {
    /// The engine was told to stop the container, and nothing started it since.
    case stoppedThroughEngine
    /// The engine was told to send the container a signal, and it ended.
    case signalledThroughEngine
    /// The container is paused, which nothing does by itself.
    case paused
    /// The container ended, and its engine, which starts again what fails, leaves it so.
    case leftByRestartPolicy
    /// The container ended in an orderly way: by itself, or asked to.
    case orderlyExit
    /// The unit is inactive without having failed.
    case inactiveUnit
    /// The unit may not start: it is disabled or masked.
    case disabledUnit
    /// Somebody is logged in on the host with a terminal.
    case openSession
    /// The container died, or was killed for memory, without anybody having asked for it.
    case crashed
    /// The engine tried to start the container and could not, such as after a boot without its mount.
    case failedToStart
    /// The unit failed.
    case failedUnit
    /// The engine or systemd is starting it again by itself.
    case healsItself
    /// Something on the host replaces or restarts containers by itself.
    case otherHealer

    /// How much it says that this is intended, added up with those of the other signs.
    package var weight: Double {
        switch self {
        case .stoppedThroughEngine, .paused: 0.9
        case .leftByRestartPolicy, .inactiveUnit: 0.8
        case .signalledThroughEngine: 0.6
        case .orderlyExit: 0.5
        case .disabledUnit, .openSession: 0.3
        case .otherHealer: 0.2
        case .healsItself: 0
        case .crashed, .failedToStart, .failedUnit: -1
        }
    }

    /// Whether it is worth waiting a moment for what is at it already.
    package var isWorkInProgress: Bool { self == .healsItself }

    /// For people.
    package var sentence: String {
        switch self {
        case .stoppedThroughEngine: "its engine was told to stop it"
        case .signalledThroughEngine: "its engine was told to send it a signal"
        case .paused: "it is paused"
        case .leftByRestartPolicy: "it ended, and its restart policy leaves only what was stopped on purpose"
        case .orderlyExit: "it ended in an orderly way"
        case .inactiveUnit: "it is inactive and has not failed"
        case .disabledUnit: "it is disabled or masked"
        case .openSession: "somebody is logged in on the host"
        case .crashed: "it died without being asked to"
        case .failedToStart: "its engine could not start it"
        case .failedUnit: "it failed"
        case .healsItself: "it is being started again by its own supervisor"
        case .otherHealer: "something on the host restarts or replaces containers by itself"
        }
    }
}

/// What the signs of one look come to.
package enum Deliberation {
    /// From which sum of weights on a fault is taken for intended, where a pattern says nothing else.
    package static let standardThreshold = 0.7

    /// Why a person is asked first although a plan might run; nil: nothing says that it is intended.
    package static func caution(_ signs: [RestraintSign], threshold: Double) -> String? {
        let sum = signs.reduce(0) { $0 + $1.weight }
        // A hair below for sums of decimal fractions.
        guard sum >= threshold - 1e-9 else { return nil }
        return "it looks intended: " + signs.filter { $0.weight > 0 }.map(\.sentence).joined(separator: ", ")
    }
}
