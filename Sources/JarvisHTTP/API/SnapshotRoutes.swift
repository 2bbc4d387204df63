// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Snapshots of targets, and taking back what was done to them.
package struct SnapshotRoutes: Sendable {
    /// Records that a person wants an incident undone; throws a sentence for a person when it can't be.
    package typealias Undo = @Sendable (IncidentID, _ person: String) async throws -> Incident

    private static let maximumLimit = 200

    private let incidents: any IncidentStore
    private let snapshots: any SnapshotStore
    private let sealing: any SnapshotSealing
    private let gatekeeper: Gatekeeper
    private let now: @Sendable () -> Date
    private let undo: Undo

    /// Serves these stores.
    package init(
        incidents: any IncidentStore, snapshots: any SnapshotStore, sealing: any SnapshotSealing,
        gatekeeper: Gatekeeper, now: @escaping @Sendable () -> Date, undo: @escaping Undo
    ) {
        self.incidents = incidents
        self.snapshots = snapshots
        self.sealing = sealing
        self.gatekeeper = gatekeeper
        self.now = now
        self.undo = undo
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.post, "/api/v1/incidents/{id}/undo", bodyLimit: 0) { request, parameters in
                let person = try gatekeeper.admit(request, as: .person)
                let incident = try await StoredAnswer.incident(parameters, in: incidents)
                return try await StoredAnswer.recording(at: now) { try await undo(incident.id, person) }
            },
            Route(.get, "/api/v1/snapshots") { request, _ in try await list(request) },
            Route(.get, "/api/v1/snapshots/{id}") { request, parameters in try await show(request, parameters) },
        ]
    }

    private func list(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        _ = try gatekeeper.admit(request, as: .person)
        var incident: IncidentID?
        if let text = request.query("incident") {
            guard let id = IncidentID(text) else { throw HTTPRejection(.badRequest, "incident: must be an id") }
            incident = id
        }
        guard let limit = Int(request.query("limit") ?? "50"), (1...Self.maximumLimit).contains(limit) else {
            throw HTTPRejection(.badRequest, "limit: must be from 1 to \(Self.maximumLimit)")
        }
        let wanted = incident
        let found = try await StoredAnswer.of { () async throws(StoreError) in
            try await snapshots.snapshots(of: wanted, limit: limit)
        }
        return .json(try JSONBody.encode(found.map { SnapshotView($0, under: sealing, withTexts: false) }))
    }

    private func show(_ request: HTTPServerRequest, _ parameters: PathParameters) async throws -> HTTPServerResponse {
        _ = try gatekeeper.admit(request, as: .person)
        guard let text = parameters["id"], let id = IntentID(text) else {
            throw HTTPRejection(.notFound, "there is no snapshot of this id")
        }
        let found = try await StoredAnswer.of { () async throws(StoreError) in
            try await snapshots.snapshot(before: id)
        }
        guard let found else { throw HTTPRejection(.notFound, "there is no snapshot of this id") }
        return .json(try JSONBody.encode(SnapshotView(found, under: sealing, withTexts: true)))
    }
}

/// A snapshot as the API shows it; secrets were taken out before it was sealed.
package struct SnapshotView: Codable, Sendable, Equatable {
    /// The step's intent, which names the snapshot.
    package let id: IntentID
    /// The incident that the step belongs to.
    package let incident: IncidentID
    /// What was captured.
    package let target: Target
    /// When.
    package let takenAt: Date
    /// What was read, by the name of the field.
    package let fields: [String: String]
    /// Why it can't be opened; nil: it can.
    package let fault: String?

    /// Long texts, which a list leaves out.
    private static let texts: Set<SnapshotField> = [.networks, .mounts, .unitFiles, .lastLines]

    /// Opens a snapshot; one that can't be opened says why.
    package init(_ sealed: SealedSnapshot, under sealing: any SnapshotSealing, withTexts: Bool) {
        id = sealed.intent
        incident = sealed.incident
        target = sealed.target
        takenAt = sealed.takenAt
        do throws(SnapshotFault) {
            let state = try sealing.open(sealed).state
            let shown = state.fields.filter { withTexts || !Self.texts.contains($0.key) }
            fields = Dictionary(uniqueKeysWithValues: shown.map { ($0.key.rawValue, $0.value) })
            fault = nil
        } catch {
            fields = [:]
            fault = error.description
        }
    }
}
