// SPDX-License-Identifier: Apache-2.0

/// Changes who is told of alerts: silences in Alertmanager.
package protocol AlertingControl: Sendable {
    /// Which service this is; recorded with what is asked of it, which is never asked of another.
    var service: APIService { get }

    /// Seconds after which a request of `apply` has ended one way or the other, as far as this side can tell.
    var deadlineSeconds: Int { get }

    /// Asks for one judged change and returns the name of the silence; tries once, nothing below retries.
    ///
    /// `AlertingError.notSent` is thrown only when it is certain that nothing arrived, `refused` only when the service
    /// says that it will not do it; every doubt is `unknown`. Ending a silence that has ended already is done.
    func apply(_ change: JudgedSilenceChange) async throws(AlertingError) -> SilenceID

    /// The silence that was asked for under an intent, whether it has ended since or not; nil: there is none.
    ///
    /// nil is a promise: all silences of the service were looked at. Throws when they can't be, or are too many.
    /// - Parameter labels: those of its alert, by which it may be found with less to read.
    func silence(of intent: IntentID, labels: LabelSet) async throws(AlertingError) -> SilenceID?

    /// Whether a silence still keeps pages away; false where it has ended or is not there any more.
    func isStanding(_ silence: SilenceID) async throws(AlertingError) -> Bool
}

/// Why a question to the alerting service has no good answer.
package enum AlertingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nothing arrived there.
    case notSent(reason: String)
    /// It will not do it; its own words.
    case refused(UntrustedText)
    /// It may have arrived, or the answer can't be understood.
    case unknown(reason: String)

    /// Whether asking the same later may help although nobody changes anything.
    package var isRetryable: Bool {
        switch self {
        case .notSent, .unknown: true
        case .refused: false
        }
    }

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .notSent(let reason), .unknown(let reason): reason
        case .refused(let words): "Alertmanager refuses it: \(words.display(limit: 300))"
        }
    }
}
