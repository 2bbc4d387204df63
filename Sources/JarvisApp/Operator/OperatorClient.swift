// SPDX-License-Identifier: Apache-2.0

package import JarvisClients
package import JarvisCore
package import JarvisHTTP

/// Speaks to a running server as an operator.
package struct OperatorClient: Sendable {
    /// Why a call failed; a sentence for a person.
    package struct Failure: Error, CustomStringConvertible {
        /// What happened and what to do.
        package let description: String
        /// Whether the server refused what was asked (as opposed to not being reachable).
        package let isRefusal: Bool
    }

    private let baseURL: String
    private let token: String
    private let transport: HTTPTransport

    /// Speaks to the server at `baseURL` (without a trailing slash).
    package init(baseURL: String, token: String, transport: HTTPTransport) {
        self.baseURL = baseURL
        self.token = token
        self.transport = transport
    }

    /// Whether it can tell whether it would take an alert now: it is not stuck, and neither is its store.
    ///
    /// True also where it would not, such as on a full disk: being started anew does not help then.
    package func isAlive() async -> Bool {
        let answer = try? await transport.send(OutboundRequest(method: .get, url: baseURL + "/-/ready"))
        return answer.map { [200, 503].contains($0.status) } ?? false
    }

    /// Incidents, newest first.
    package func incidents(openOnly: Bool, limit: Int) async throws -> [IncidentView] {
        try await get("/api/v1/incidents?limit=\(limit)\(openOnly ? "&open=true" : "")", [IncidentView].self)
    }

    /// One incident.
    package func incident(_ id: IncidentID) async throws -> IncidentView {
        try await get("/api/v1/incidents/\(id)", IncidentView.self)
    }

    /// Entries of its timeline after a sequence number, oldest first.
    package func timeline(of id: IncidentID, after sequence: Int64 = 0) async throws -> [NumberedTimelineEntry] {
        try await get("/api/v1/incidents/\(id)/timeline?after=\(sequence)&limit=500", [NumberedTimelineEntry].self)
    }

    /// Decides about a plan.
    package func decide(_ decision: Approval.Decision, on id: IncidentID, planHash: String) async throws -> IncidentView
    {
        let body = try JSONBody.encode(DecisionRequest(decision: decision, planHash: planHash))
        return try await call(.post, "/api/v1/incidents/\(id)/decision", body, IncidentView.self)
    }

    /// Wants the alerts of an incident that fire silenced.
    package func silence(_ id: IncidentID, _ request: SilenceRequest) async throws -> IncidentView {
        try await call(
            .post, "/api/v1/incidents/\(id)/silence", try JSONBody.encode(request), IncidentView.self)
    }

    /// Wants the silences of an incident to end.
    package func endSilence(_ id: IncidentID) async throws -> IncidentView {
        try await call(.post, "/api/v1/incidents/\(id)/silence/end", [], IncidentView.self)
    }

    /// Wants what was done for an incident taken back.
    package func undo(_ id: IncidentID) async throws -> IncidentView {
        try await call(.post, "/api/v1/incidents/\(id)/undo", [], IncidentView.self)
    }

    /// Snapshots of an incident, or of all, newest first.
    package func snapshots(of incident: IncidentID?, limit: Int) async throws -> [SnapshotView] {
        let filter = incident.map { "&incident=\($0)" } ?? ""
        return try await get("/api/v1/snapshots?limit=\(limit)\(filter)", [SnapshotView].self)
    }

    /// One snapshot, with everything that was captured.
    package func snapshot(_ id: IntentID) async throws -> SnapshotView {
        try await get("/api/v1/snapshots/\(id)", SnapshotView.self)
    }

    /// What holds changes back.
    package func restraint() async throws -> RestraintView { try await get("/api/v1/restraint", RestraintView.self) }

    /// Places a hold.
    package func place(_ hold: HoldRequest) async throws -> RestraintView {
        try await call(.post, "/api/v1/restraint/holds", try JSONBody.encode(hold), RestraintView.self)
    }

    /// Lifts a hold.
    package func lift(_ hold: HoldRequest) async throws -> RestraintView {
        try await call(.post, "/api/v1/restraint/lift", try JSONBody.encode(hold), RestraintView.self)
    }

    /// What may happen without a person.
    package func autonomy() async throws -> AutonomyView { try await get("/api/v1/autonomy", AutonomyView.self) }

    /// Decides a level.
    package func setAutonomy(_ decision: AutonomyRequest) async throws -> AutonomyView {
        try await call(.post, "/api/v1/autonomy/set", try JSONBody.encode(decision), AutonomyView.self)
    }

    /// Forgets what was decided.
    package func resetAutonomy() async throws -> AutonomyView {
        try await call(.post, "/api/v1/autonomy/reset", [], AutonomyView.self)
    }

    /// What waits, what runs, and what was given up.
    package func queue() async throws -> QueueOverview { try await get("/api/v1/queue", QueueOverview.self) }

    /// Has one given-up job tried again, or every one.
    package func retry(_ jobs: QueueRequest) async throws -> QueueOverview {
        try await call(.post, "/api/v1/queue/retry", try JSONBody.encode(jobs), QueueOverview.self)
    }

    /// Forgets a given-up job.
    package func drop(job: Int64) async throws -> QueueOverview {
        try await call(.post, "/api/v1/queue/drop", try JSONBody.encode(QueueRequest(job: job)), QueueOverview.self)
    }

    /// Starts a fire drill.
    package func startDrill() async throws -> IncidentID {
        try await call(.post, "/api/v1/drills", [], DrillStarted.self).incident
    }

    private func get<Answer: Decodable>(_ path: String, _ type: Answer.Type) async throws -> Answer {
        try await call(.get, path, nil, type)
    }

    private struct ErrorAnswer: Decodable {
        let error: String
    }

    private func call<Answer: Decodable>(
        _ method: OutboundRequest.Method, _ path: String, _ body: [UInt8]?, _ type: Answer.Type
    ) async throws -> Answer {
        let response: OutboundResponse
        do {
            response = try await transport.send(
                OutboundRequest(
                    method: method, url: baseURL + path,
                    headers: [.bearer(SecretText(token)), OutboundHeader("Content-Type", "application/json")],
                    body: body))
        } catch {
            throw Failure(
                description: "the server at \(baseURL) did not answer (\(error)); is `jarvis serve` running?",
                isRefusal: false)
        }
        guard (200..<300).contains(response.status) else {
            let reason =
                (try? JSONBody.decode(ErrorAnswer.self, from: response.body).error) ?? "status \(response.status)"
            let advice = response.status == 401 ? "; set JARVIS_TOKEN or run it as the user who runs the server" : ""
            throw Failure(description: reason + advice, isRefusal: true)
        }
        return try JSONBody.decode(type, from: response.body)
    }
}
