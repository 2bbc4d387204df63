// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Silencing the alerts of an incident, and ending that.
package struct SilenceRoutes: Sendable {
    /// Records a wish; throws a sentence for a person when it can't be taken.
    package typealias Record = @Sendable (SilenceWish, IncidentID) async throws -> Incident

    private let store: any IncidentStore
    private let gatekeeper: Gatekeeper
    private let record: Record

    /// Serves the incidents of this store.
    package init(store: any IncidentStore, gatekeeper: Gatekeeper, record: @escaping Record) {
        self.store = store
        self.gatekeeper = gatekeeper
        self.record = record
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.post, "/api/v1/incidents/{id}/silence", bodyLimit: 4_096) { request, parameters in
                let person = try gatekeeper.admit(request, as: .person)
                let wanted = try JSONBody.read(SilenceRequest.self, request)
                return try await answer(
                    .silence(
                        seconds: wanted.seconds ?? JudgedSilenceChange.standardSeconds, by: person,
                        reason: wanted.reason ?? ""), parameters)
            },
            Route(.post, "/api/v1/incidents/{id}/silence/end", bodyLimit: 4_096) { request, parameters in
                let person = try gatekeeper.admit(request, as: .person)
                return try await answer(.end(by: person), parameters)
            },
        ]
    }

    private func answer(_ wish: SilenceWish, _ parameters: PathParameters) async throws -> HTTPServerResponse {
        let incident = try await StoredAnswer.incident(parameters, in: store)
        return try await StoredAnswer.recording { try await record(wish, incident.id) }
    }
}

/// A silence to ask for.
package struct SilenceRequest: Codable, Sendable, Equatable {
    /// For how long; nil: an hour.
    package let seconds: Double?
    /// Why.
    package let reason: String?

    /// Asks.
    package init(seconds: Double? = nil, reason: String? = nil) {
        self.seconds = seconds
        self.reason = reason
    }
}

/// A silence of an incident as the API shows it.
package struct SilenceView: Codable, Sendable, Equatable {
    /// How far it has come, in one word.
    package enum State: String, Codable, Sendable {
        /// Alertmanager has not been asked yet, or is asked again soon.
        case wanted
        /// Alertmanager was asked, and has not answered yet.
        case asked
        /// It is not known whether what was asked happened; Alertmanager is asked.
        case unknown
        /// Alertmanager has it.
        case active
        /// It is to end, and Alertmanager has not been asked yet.
        case ending
        /// Nothing more is done about it.
        case over
    }

    /// The labels of the alert.
    package let labels: LabelSet
    /// How far it has come.
    package let state: State
    /// When it ends by itself.
    package let until: Date
    /// Who wants it.
    package let by: String
    /// Why.
    package let reason: String
    /// Alertmanager's name for it.
    package let id: SilenceID?
    /// What keeps or kept it, in a sentence.
    package let note: String?

    /// Shows a silence.
    package init(_ silence: Silence) {
        labels = silence.labels
        until = silence.endsAt
        by = silence.by
        reason = silence.reason
        switch silence.state {
        case .absent:
            (state, id, note) = (.wanted, nil, silence.heldBy)
        case .creating: (state, id, note) = (silence.doubt == nil ? .asked : .unknown, nil, silence.doubt)
        case .standing(let name, _):
            (state, id, note) = (silence.end == nil ? .active : .ending, name, silence.heldBy)
        case .ending(let name, _): (state, id, note) = (silence.doubt == nil ? .ending : .unknown, name, silence.doubt)
        case .over(let reason): (state, id, note) = (.over, nil, reason)
        }
    }
}
