// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Reading incidents and deciding about plans.
package struct IncidentRoutes: Sendable {
    /// Records a decision; throws a sentence for a person when it can't be taken.
    package typealias Decide =
        @Sendable (Approval.Decision, IncidentID, _ planHash: String, _ person: String) async throws
        -> Incident

    private static let maximumLimit = 500

    private let store: any IncidentStore
    private let gatekeeper: Gatekeeper
    private let now: @Sendable () -> Date
    private let decide: Decide

    /// Serves this store.
    package init(
        store: any IncidentStore, gatekeeper: Gatekeeper, now: @escaping @Sendable () -> Date,
        decide: @escaping Decide
    ) {
        self.store = store
        self.gatekeeper = gatekeeper
        self.now = now
        self.decide = decide
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.get, "/api/v1/incidents") { request, _ in try await list(request) },
            Route(.get, "/api/v1/incidents/{id}") { request, parameters in try await show(request, parameters) },
            Route(.get, "/api/v1/incidents/{id}/timeline") { request, parameters in
                try await timeline(request, parameters)
            },
            Route(.post, "/api/v1/incidents/{id}/decision", bodyLimit: 4_096) { request, parameters in
                try await decide(request, parameters)
            },
        ]
    }

    private func list(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        _ = try gatekeeper.admit(request, as: .person)
        let incidents = try await store.incidents(
            openOnly: request.query("open") == "true", limit: try Self.limit(request, default: 50))
        return .json(try JSONBody.encode(incidents.map { IncidentView($0, at: now()) }))
    }

    private func show(_ request: HTTPServerRequest, _ parameters: PathParameters) async throws -> HTTPServerResponse {
        _ = try gatekeeper.admit(request, as: .person)
        return .json(try JSONBody.encode(IncidentView(try await find(parameters), at: now())))
    }

    private func timeline(_ request: HTTPServerRequest, _ parameters: PathParameters) async throws -> HTTPServerResponse
    {
        _ = try gatekeeper.admit(request, as: .person)
        guard let after = Int64(request.query("after") ?? "0") else {
            throw HTTPRejection(.badRequest, "after: must be a whole number")
        }
        let incident = try await find(parameters)
        let entries = try await store.timeline(
            of: incident.id, after: after, limit: try Self.limit(request, default: 200))
        return .json(try JSONBody.encode(entries))
    }

    private func decide(_ request: HTTPServerRequest, _ parameters: PathParameters) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        let wanted = try JSONBody.read(DecisionRequest.self, request)
        let incident = try await find(parameters)
        return try await StoredAnswer.recording(at: now) {
            try await decide(wanted.decision, incident.id, wanted.planHash, person)
        }
    }

    private func find(_ parameters: PathParameters) async throws -> Incident {
        try await StoredAnswer.incident(parameters, in: store)
    }

    private static func limit(_ request: HTTPServerRequest, default value: Int) throws -> Int {
        guard let text = request.query("limit") else { return value }
        guard let limit = Int(text), (1...maximumLimit).contains(limit) else {
            throw HTTPRejection(.badRequest, "limit: must be from 1 to \(maximumLimit)")
        }
        return limit
    }
}
