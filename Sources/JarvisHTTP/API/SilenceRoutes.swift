// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Silencing the alerts of an incident, and ending that.
package struct SilenceRoutes: Sendable {
    /// Records a wish; throws a sentence for a person when it can't be taken.
    package typealias Record = @Sendable (SilenceWish, IncidentID) async throws -> Incident

    private let store: any IncidentStore
    private let gatekeeper: Gatekeeper
    private let now: @Sendable () -> Date
    private let record: Record

    /// Serves the incidents of this store.
    package init(
        store: any IncidentStore, gatekeeper: Gatekeeper, now: @escaping @Sendable () -> Date,
        record: @escaping Record
    ) {
        self.store = store
        self.gatekeeper = gatekeeper
        self.now = now
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
        return try await StoredAnswer.recording(at: now) { try await record(wish, incident.id) }
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
    /// The address of the service that has it, or was asked for it.
    package let service: String?
    /// What keeps or kept it, in a sentence.
    package let note: String?

    /// Shows a silence as it is at a time: one that ran out meanwhile is over, although nobody noted it.
    package init(_ silence: Silence, at now: Date) {
        labels = silence.labels
        until = silence.endsAt
        by = silence.by
        reason = silence.reason
        service = silence.whereabouts?.address
        if silence.hasRunOut(at: now) {
            (state, id, note) = (.over, nil, JudgedSilenceChange.ranOut(silence))
            return
        }
        let doubt = silence.heldBy ?? silence.doubt
        switch silence.state {
        case .absent:
            (state, id, note) = (.wanted, nil, silence.heldBy)
        case .creating: (state, id, note) = (doubt == nil ? .asked : .unknown, nil, doubt)
        case .standing(let name, _):
            (state, id, note) = (silence.end == nil ? .active : .ending, name, silence.heldBy)
        case .ending(let name, _): (state, id, note) = (doubt == nil ? .ending : .unknown, name, doubt)
        case .over(let reason): (state, id, note) = (.over, nil, reason)
        }
    }
}
