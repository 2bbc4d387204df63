// SPDX-License-Identifier: Apache-2.0

/// How much may be changed at a time and within an hour, whatever the reasons are.
///
/// Checked and taken in the transaction that writes an intent; approved plans count, too.
package struct BlastRadius: Sendable, Codable, Equatable {
    /// Steps within an hour, everywhere.
    package var total: Int
    /// Steps within an hour on one host.
    package var perHost: Int
    /// Steps within an hour on one target.
    package var perTarget: Int
    /// Steps at the same time on one host.
    package var atOncePerHost: Int

    /// The limits of an owner who said nothing.
    package static let standard = BlastRadius(total: 30, perHost: 12, perTarget: 4, atOncePerHost: 1)

    /// Sets limits.
    package init(total: Int, perHost: Int, perTarget: Int, atOncePerHost: Int) {
        self.total = total
        self.perHost = perHost
        self.perTarget = perTarget
        self.atOncePerHost = atOncePerHost
    }

    /// The same with no limit but that on what runs at the same time.
    package var withoutHourlyLimits: BlastRadius {
        BlastRadius(total: .max, perHost: .max, perTarget: .max, atOncePerHost: atOncePerHost)
    }

    /// Seconds that the hourly limits look back.
    package static let window = 3600.0
}

/// Why a step may not begin now.
package enum Restraint: Sendable, Equatable, CustomStringConvertible {
    /// A person holds changes there.
    case held(Hold)
    /// As many steps as may run at a time run on the host.
    case hostBusy(HostName)
    /// Something runs on the host that the step would disturb.
    case occupied(HostName, by: String)
    /// What an undo would put back can't be seen now, and why.
    case unseen(HostName, reason: String)
    /// As many steps as may begin within an hour have begun: in all, or on what is named.
    case tooMany(String, limit: Int)

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .held(let hold): hold.description
        case .hostBusy(let host): "another step runs on \(host)"
        case .occupied(let host, let what): "\(what) runs on \(host)"
        case .unseen(let host, let reason): "what there is on \(host) can't be seen: \(reason)"
        case .tooMany(let what, let limit): "\(limit) steps \(what) within an hour are enough"
        }
    }

    /// Its name in metrics.
    package var label: String {
        switch self {
        case .held(let hold): hold.mode.rawValue
        case .hostBusy: "hostBusy"
        case .occupied: "occupied"
        case .unseen: "unseen"
        case .tooMany: "tooMany"
        }
    }

    /// Seconds after which asking again may help; nil: it is not to be asked again.
    package var retryAfter: Double? {
        switch self {
        case .held(let hold): hold.mode == .pause ? 15 : nil
        case .hostBusy: 5
        case .occupied: 15
        case .unseen: 5
        case .tooMany: 60
        }
    }
}

/// What the steps that may begin have been in the last hour, as a store counts them.
package struct StepCounts: Sendable, Equatable {
    /// Steps on the host that began within the window and have not ended there for certain: no receipt yet, or one that
    /// says `unknown` before the host's own deadline for the command.
    package var runningOnHost: Int
    /// Steps that began within the window, everywhere.
    package var total: Int
    /// Those of them on the host.
    package var onHost: Int
    /// Those of them on the target.
    package var onTarget: Int

    /// Counts.
    package init(runningOnHost: Int = 0, total: Int = 0, onHost: Int = 0, onTarget: Int = 0) {
        self.runningOnHost = runningOnHost
        self.total = total
        self.onHost = onHost
        self.onTarget = onTarget
    }
}

extension BlastRadius {
    /// What keeps a further step on this target from beginning; nil: nothing.
    package func restraint(on target: Target, _ counts: StepCounts) -> Restraint? {
        if counts.runningOnHost >= atOncePerHost { return .hostBusy(target.host) }
        if counts.onTarget >= perTarget { return .tooMany("on \(target)", limit: perTarget) }
        if counts.onHost >= perHost { return .tooMany("on \(target.host)", limit: perHost) }
        if counts.total >= total { return .tooMany("in all", limit: total) }
        return nil
    }
}
