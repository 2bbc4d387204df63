// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The durable record that a change is about to be asked of a service's API; written before the request is sent.
///
/// It stands beside the intents of steps. One without receipt means that nobody knows: the service is asked, and the
/// request is never sent again under it.
package struct APIIntent: Sendable, Codable, Equatable {
    /// What is asked.
    package enum Change: String, Sendable, Codable, CaseIterable {
        /// Make a silence in Alertmanager.
        case createSilence = "silence.create"
        /// End one before its time.
        case endSilence = "silence.end"

        /// Whether a pause or a dry run keeps it back.
        ///
        /// Not the end of a silence: whoever stops everything wants to be told of alerts, and paging fails open.
        package var waitsForHolds: Bool {
            switch self {
            case .createSilence: true
            case .endSilence: false
            }
        }
    }

    /// Identity of this attempt.
    package let id: IntentID
    /// The incident it belongs to.
    package let incident: IncidentID
    /// Which of the incident's changes of this kind, from 0.
    package let step: Int
    /// Which attempt at it, from 1.
    package let attempt: Int
    /// What is asked.
    package let change: Change
    /// SHA-256 of the exact change.
    package let digest: String
    /// Fence of the claim under which it is sent.
    package let fencingToken: UInt64
    /// When it was written, by Jarvis' clock.
    package let recordedAt: Date
    /// Seconds after which the request has ended one way or the other, grace included.
    package let deadlineSeconds: Int
    /// Which service it is asked of; nil in what earlier versions stored: the one that is configured.
    package let service: APIService?

    /// When the service can be asked whether it happened.
    package var decidedAt: Date { recordedAt.addingTimeInterval(Double(deadlineSeconds)) }

    /// Records an intent.
    package init(
        id: IntentID, incident: IncidentID, step: Int, attempt: Int, change: Change, digest: String,
        fencingToken: UInt64, recordedAt: Date, deadlineSeconds: Int, service: APIService? = nil
    ) {
        self.id = id
        self.incident = incident
        self.step = step
        self.attempt = attempt
        self.change = change
        self.digest = digest
        self.fencingToken = fencingToken
        self.recordedAt = recordedAt
        self.deadlineSeconds = deadlineSeconds
        self.service = service
    }
}

/// What is known of a change that was asked of a service's API.
package struct APIReceipt: Sendable, Codable, Equatable {
    /// How it ended.
    package enum Ending: Sendable, Codable, Equatable {
        /// It happened; the service's name for what it made or changed.
        case done(object: String)
        /// The service understood it and will not do it; its own words.
        case refused(UntrustedText)
        /// It certainly did not happen.
        case notDone(reason: String)
        /// It may have happened, and nobody can tell any more.
        case unknown(reason: String)
    }

    /// How it ended.
    package let ending: Ending
    /// Whether the answer itself was lost and the service was asked afterwards.
    package let isProbe: Bool

    /// Records a receipt.
    package init(_ ending: Ending, isProbe: Bool = false) {
        self.ending = ending
        self.isProbe = isProbe
    }

    /// The ending's name in metrics and in the audit log.
    package var label: String {
        switch ending {
        case .done: isProbe ? "found" : "done"
        case .refused: "refused"
        case .notDone: "notDone"
        case .unknown: "unknown"
        }
    }
}
