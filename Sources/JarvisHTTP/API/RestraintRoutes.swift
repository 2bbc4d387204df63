// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// The kill switch and what else holds changes back.
package struct RestraintRoutes: Sendable {
    private let store: any RestraintStore
    private let hosts: Set<HostName>
    private let gatekeeper: Gatekeeper
    private let limits: RestraintLimits
    private let now: @Sendable () -> Date
    private let onChange: @Sendable (_ what: String) -> Void

    /// Serves this store; holds can be placed on these hosts.
    ///
    /// `onChange` is told in words what was placed or lifted.
    package init(
        store: any RestraintStore, hosts: Set<HostName>, gatekeeper: Gatekeeper, limits: RestraintLimits,
        now: @escaping @Sendable () -> Date, onChange: @escaping @Sendable (_ what: String) -> Void
    ) {
        self.store = store
        self.hosts = hosts
        self.gatekeeper = gatekeeper
        self.limits = limits
        self.now = now
        self.onChange = onChange
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.get, "/api/v1/restraint") { request, _ in
                _ = try gatekeeper.admit(request, as: .person)
                return try await status()
            },
            Route(.post, "/api/v1/restraint/holds", bodyLimit: 4_096) { request, _ in try await place(request) },
            Route(.post, "/api/v1/restraint/lift", bodyLimit: 4_096) { request, _ in try await lift(request) },
        ]
    }

    private func status() async throws -> HTTPServerResponse {
        let holds = try await StoredAnswer.of { () async throws(StoreError) in try await store.holds(at: now()) }
        return .json(try JSONBody.encode(RestraintView(holds: holds, limits: limits)))
    }

    private func place(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        let wanted = try JSONBody.read(HoldRequest.self, request)
        if let seconds = wanted.seconds, !(60...31_536_000).contains(seconds) {
            throw HTTPRejection(.badRequest, "seconds: must be from a minute to a year")
        }
        let since = now()
        let hold = Hold(
            mode: wanted.mode, host: try host(wanted.host), by: person, reason: wanted.reason ?? "", since: since,
            until: wanted.seconds.map { since.addingTimeInterval($0) })
        guard hold.reason.utf8.count <= 1000 else { throw HTTPRejection(.badRequest, "reason: at most 1000 bytes") }
        let holds = try await StoredAnswer.of { () async throws(StoreError) in try await store.holds(at: since) }
        if let longer = holds.first(where: { $0.mode == hold.mode && $0.host == hold.host && $0.outlasts(hold) }) {
            throw HTTPRejection(.conflict, "\(longer.description): it would end sooner; lift it first")
        }
        try await StoredAnswer.of { () async throws(StoreError) in try await store.place(hold) }
        onChange(hold.description)
        return try await status()
    }

    private func lift(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        let wanted = try JSONBody.read(HoldRequest.self, request)
        // A host that is no longer in the inventory may still have a hold, which must not outlive it for ever.
        let host = try wanted.host.map { text throws(HTTPRejection) in
            guard let host = HostName(text) else { throw HTTPRejection(.badRequest, "host: not the name of a host") }
            return host
        }
        let was = try await StoredAnswer.of { () async throws(StoreError) in
            try await store.lift(wanted.mode, host: host, by: person, at: now())
        }
        let place = host.map { "on \($0)" } ?? "everywhere"
        guard was else { throw HTTPRejection(.conflict, "there is no \(wanted.mode.rawValue) \(place)") }
        onChange("\(wanted.mode.rawValue) \(place) lifted by \(person)")
        return try await status()
    }

    private func host(_ text: String?) throws -> HostName? {
        guard let text else { return nil }
        guard let host = HostName(text), hosts.contains(host) else {
            throw HTTPRejection(.badRequest, "host: there is none of that name in the inventory")
        }
        return host
    }
}

/// The limits that hold, for people to see.
package struct RestraintLimits: Codable, Sendable, Equatable {
    /// How much may be changed within an hour and at a time.
    package let blastRadius: BlastRadius
    /// From how many failures on a person is asked first.
    package let breakers: Breakers

    /// Names the limits.
    package init(blastRadius: BlastRadius, breakers: Breakers) {
        self.blastRadius = blastRadius
        self.breakers = breakers
    }
}

/// What holds changes back now.
package struct RestraintView: Codable, Sendable, Equatable {
    /// Holds that have not ended.
    package let holds: [Hold]
    /// The limits.
    package let limits: RestraintLimits
}

/// A hold to place or to lift.
package struct HoldRequest: Codable, Sendable, Equatable {
    /// What becomes of steps.
    package let mode: Hold.Mode
    /// Only on this host.
    package let host: String?
    /// Why.
    package let reason: String?
    /// For how long; nil: until it is lifted.
    package let seconds: Double?

    /// Asks.
    package init(mode: Hold.Mode, host: String? = nil, reason: String? = nil, seconds: Double? = nil) {
        self.mode = mode
        self.host = host
        self.reason = reason
        self.seconds = seconds
    }
}
