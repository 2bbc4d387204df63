// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A person's word that nothing is to be changed: everywhere (the kill switch) or on one host.
///
/// It is checked in the transaction that writes an intent, so that no intent is written after it is durable. Looking
/// goes on, and so do steps whose intent is there already, even those that have not reached their host yet.
package struct Hold: Sendable, Codable, Equatable {
    /// What becomes of steps that would run.
    package enum Mode: String, Sendable, Codable, CaseIterable {
        /// They wait until it is lifted or ends.
        case pause
        /// They are shown and not run; their incidents are handed to a person.
        case dryRun
    }

    /// What becomes of steps.
    package let mode: Mode
    /// Only on this host; nil: everywhere.
    package let host: HostName?
    /// Who said so.
    package let by: String
    /// Why, in a person's words.
    package let reason: String
    /// Since when.
    package let since: Date
    /// When it ends by itself; nil: not before it is lifted.
    package let until: Date?

    /// Holds.
    package init(mode: Mode, host: HostName?, by: String, reason: String, since: Date, until: Date? = nil) {
        self.mode = mode
        self.host = host
        self.by = by
        self.reason = reason
        self.since = since
        self.until = until
    }

    /// Whether it says anything about a host at a time.
    package func applies(to host: HostName, at now: Date) -> Bool {
        (self.host == nil || self.host == host) && (until.map { now < $0 } ?? true)
    }

    /// Whether it ends later than another one.
    package func outlasts(_ other: Hold) -> Bool {
        guard let end = other.until else { return false }
        return until.map { $0 > end } ?? true
    }

    /// One sentence for a person.
    package var description: String {
        let place = host.map { "on \($0)" } ?? "everywhere"
        let end = until.map { " until \(RFC3339.format($0))" } ?? ""
        let why = reason.isEmpty ? "" : ": \(UntrustedText(reason).display(limit: 200))"
        return
            "\(mode == .pause ? "paused" : "dry run") \(place)\(end) by \(UntrustedText(by).display(limit: 60))\(why)"
    }
}
