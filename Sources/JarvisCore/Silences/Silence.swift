// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Alertmanager's name for a silence: what may become part of an address, and nothing else.
package struct SilenceID: Sendable, Hashable, StoredAsText {
    /// See `StoredAsText`.
    package static let textName = "the name of a silence"

    /// The name.
    package let text: String

    /// Accepts up to 64 hexadecimal digits and dashes; nil for everything else.
    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ "0123456789abcdefABCDEF-".utf8.contains($0) })
        else { return nil }
        self.text = text
    }

    /// The name.
    package var description: String { text }
}

/// What a person wants about the silences of an incident.
package enum SilenceWish: Sendable, Equatable {
    /// No pages about the alerts that fire, for so many seconds.
    case silence(seconds: Double, by: String, reason: String)
    /// Pages again.
    case end(by: String)
}

/// A silence of one alert of an incident: what is wanted, and what is known of Alertmanager.
package struct Silence: Sendable, Codable, Equatable {
    /// How far it has come.
    package enum State: Sendable, Codable, Equatable {
        /// Alertmanager has none; so many attempts to make one are known to have come to nothing.
        case absent(failures: Int)
        /// It may have been made: there is an intent, and no receipt yet.
        case creating(APIIntent)
        /// Alertmanager has it; so many attempts to end it are known to have come to nothing.
        case standing(SilenceID, failures: Int)
        /// It may have been ended.
        case ending(SilenceID, APIIntent)
        /// Nothing more is done about it, and why.
        case over(reason: String)
    }

    /// On whose word it is to end before its time.
    package enum End: Sendable, Codable, Equatable {
        /// A person wants pages again.
        case person(String)
        /// Its incident has ended.
        case incident
    }

    /// Every label of its alert.
    package let labels: LabelSet
    /// Who wants it.
    package let by: String
    /// Why, in a person's words.
    package let reason: String
    /// When it ends by itself.
    package let endsAt: Date
    /// How far it has come.
    package var state = State.absent(failures: 0)
    /// Which service has it; nil: none yet, or the one that is configured, in what earlier versions stored.
    package var service: APIService?
    /// On whose word it is to end before its time; nil: it is not.
    package var end: End?
    /// When it is to be worked on next; nil: there is nothing to do.
    package var due: Date?
    /// Why it is not known whether the change under way happened, as last noted; nil: that is not in doubt yet.
    package var doubt: String?
    /// How often Alertmanager could not be asked about the change under way.
    package var looks = 0
    /// Why nothing is asked about it now, as last noted; nil: nothing keeps it.
    package var heldBy: String?

    /// Wants one, to be worked on at once.
    package init(labels: LabelSet, by: String, reason: String, endsAt: Date, due: Date) {
        self.labels = labels
        self.by = by
        self.reason = reason
        self.endsAt = endsAt
        self.due = due
    }

    /// The change that may be under way.
    package var pending: APIIntent? {
        switch state {
        case .creating(let intent), .ending(_, let intent): intent
        case .absent, .standing, .over: nil
        }
    }

    /// The longest pause between two attempts or looks, in seconds, unless the request itself may take longer.
    package static let longestPause = 300.0

    /// When it is to be worked on next, by this clock; nil: there is nothing to do.
    ///
    /// A time further away than any pause lasts is one of a clock that was set back since, and means now.
    package func due(at now: Date) -> Date? {
        let longest = max(Self.longestPause, Double(pending?.deadlineSeconds ?? 0))
        return due.map { $0.timeIntervalSince(now) > longest ? now : $0 }
    }

    /// Whether Alertmanager has ended it by itself.
    package func hasRunOut(at now: Date) -> Bool {
        if case .standing = state { now >= endsAt } else { false }
    }

    /// Whether it is wanted, and may keep pages away now or soon.
    package func isWanted(at now: Date) -> Bool {
        if case .over = state { return false }
        return end == nil && now < endsAt
    }
}

extension Incident {
    /// The first silence that is to be worked on now, and its place.
    package func dueSilence(at now: Date) -> (step: Int, silence: Silence)? {
        for (step, silence) in silences.enumerated() {
            if let due = silence.due(at: now), due <= now { return (step, silence) }
        }
        return nil
    }

    /// Whether something is to be done about one of its silences, whether it is open or not.
    package var hasSilenceWork: Bool { silences.contains { $0.due != nil } }

    /// When the first of its silences is to be worked on, by this clock; nil: none is.
    package func silencesDue(at now: Date) -> Date? { silences.compactMap { $0.due(at: now) }.min() }
}
