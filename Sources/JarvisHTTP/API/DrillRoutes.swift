// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Starting a fire drill.
package struct DrillRoutes: Sendable {
    private let gatekeeper: Gatekeeper
    private let start: @Sendable () async throws -> IncidentID

    /// - Parameter start: breaks the canary, posts its alert and returns the incident that follows.
    package init(gatekeeper: Gatekeeper, start: @escaping @Sendable () async throws -> IncidentID) {
        self.gatekeeper = gatekeeper
        self.start = start
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.post, "/api/v1/drills", bodyLimit: 0) { request, _ in
                _ = try gatekeeper.admit(request, as: .person)
                do {
                    return .json(status: .created, try JSONBody.encode(DrillStarted(incident: try await start())))
                } catch let error as DrillError {
                    throw HTTPRejection(.conflict, error.description)
                }
            }
        ]
    }
}

/// The answer to starting a drill.
package struct DrillStarted: Codable, Sendable, Equatable {
    /// The incident to follow.
    package let incident: IncidentID

    /// Names the incident.
    package init(incident: IncidentID) { self.incident = incident }
}
