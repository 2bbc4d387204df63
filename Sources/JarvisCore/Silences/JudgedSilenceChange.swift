// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A change of Alertmanager's silences that may be asked for; the only argument of the port that changes something.
///
/// Not `Codable`: what is stored is the wish, and it is judged anew after loading.
package struct JudgedSilenceChange: Sendable, Equatable {
    /// What is asked.
    package enum Operation: Sendable, Equatable {
        /// Keep quiet about the alert with exactly these labels.
        case create(labels: LabelSet, startsAt: Date, endsAt: Date, createdBy: String, comment: String)
        /// End this one now.
        case end(SilenceID)
    }

    /// Shortest and longest silence, in seconds.
    package static let seconds = 60.0...86_400.0
    /// The length of one about which nothing was said, in seconds.
    package static let standardSeconds = 3_600.0
    /// A person's reason may have so many bytes.
    package static let longestReason = 1_000
    /// An alert with more labels, or more bytes in them, is none that Jarvis asks to be quiet about.
    private static let maximumLabels = 128
    private static let maximumBytes = 16_384

    /// What is asked.
    package let operation: Operation

    /// Judges the next change of a silence of an incident: every doubt is a refusal.
    ///
    /// A silence is made only about an alert of the incident, of all its labels by equality, and for a limited time;
    /// its comment begins with the mark of the intent. It is ended only where somebody or something wants it ended.
    package init(
        next silence: Silence, of incident: Incident, under intent: IntentID, at now: Date
    ) throws(SilenceRefusal) {
        switch (silence.state, silence.end) {
        case (.absent, nil):
            guard incident.members.contains(where: { $0.alert.labels == silence.labels }) else {
                throw SilenceRefusal("it is about no alert of the incident")
            }
            try Self.check(silence.labels)
            guard now < silence.endsAt, silence.endsAt.timeIntervalSince(now) <= Self.seconds.upperBound else {
                throw SilenceRefusal("its time is over, or longer than a day")
            }
            let who = UntrustedText(silence.by).display(limit: 60)
            let why = silence.reason.isEmpty ? "" : ": \(UntrustedText(silence.reason).display(limit: 200))"
            operation = .create(
                labels: silence.labels, startsAt: now, endsAt: silence.endsAt, createdBy: "jarvis for \(who)",
                comment: "\(Self.mark(of: intent)) of incident \(incident.id)\(why)")
        case (.standing(let id, _), .some):
            guard now < silence.endsAt else { throw SilenceRefusal(Self.ranOut(silence)) }
            operation = .end(id)
        default: throw SilenceRefusal("nothing is to be changed about it")
        }
    }

    /// Refuses labels that can't be those of one alert of a rule.
    package static func check(_ labels: LabelSet) throws(SilenceRefusal) {
        guard let name = labels.alertName, !name.verbatim.isEmpty else {
            throw SilenceRefusal("the alert has no alertname, and a silence without one may match others")
        }
        let bytes = labels.values.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard labels.values.count <= maximumLabels, bytes <= maximumBytes else {
            throw SilenceRefusal("the alert has more labels than a silence is made of")
        }
        guard labels.values.keys.allSatisfy(isLabelName) else {
            throw SilenceRefusal("the alert has a label whose name is none that Prometheus knows")
        }
    }

    private static func isLabelName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// What is said of one that its time has ended.
    package static func ranOut(_ silence: Silence) -> String { "it ran out at \(RFC3339.format(silence.endsAt))" }

    /// How the comment of every silence begins that was asked for under an intent, and of no other.
    package static func mark(of intent: IntentID) -> String { "jarvis intent \(intent)" }

    /// All of it as one text, so that two different changes never have the same.
    package var canonical: String {
        switch operation {
        case .create(let labels, let startsAt, let endsAt, let createdBy, let comment):
            let matchers = labels.sorted.map { "\($0.name)=\(Self.quoted($0.value))" }.joined(separator: ",")
            return "silence.create {\(matchers)} from \(RFC3339.format(startsAt)) until \(RFC3339.format(endsAt))"
                + " by \(Self.quoted(createdBy)) comment \(Self.quoted(comment))"
        case .end(let id): return "silence.end \(id)"
        }
    }

    private static func quoted(_ text: String) -> String {
        var shown = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": shown += "\\\(scalar)"
            case _ where scalar.isSafeToDisplay: shown.unicodeScalars.append(scalar)
            default: shown += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return shown + "\""
    }
}

/// Why a change of silences may not be asked for.
package struct SilenceRefusal: Error, Sendable, Equatable {
    /// One sentence for a person.
    package let reason: String

    /// Refuses.
    package init(_ reason: String) { self.reason = reason }
}
