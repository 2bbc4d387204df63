// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import FoundationEssentials
package import JarvisCore

/// What may happen without a person, as a person decides it.
package struct AutonomyRoutes: Sendable {
    private let store: any AutonomyStore
    private let configured: AutonomyPolicy
    private let hosts: Set<HostName>
    private let patterns: Set<String>
    private let gatekeeper: Gatekeeper
    private let now: @Sendable () -> Date
    private let onChange: @Sendable (_ what: String) -> Void

    /// Serves this store, in front of what is configured.
    ///
    /// Decisions name hosts and patterns that exist. `onChange` is told in words what was decided.
    package init(
        store: any AutonomyStore, configured: AutonomyPolicy, hosts: Set<HostName>, patterns: Set<String>,
        gatekeeper: Gatekeeper, now: @escaping @Sendable () -> Date,
        onChange: @escaping @Sendable (_ what: String) -> Void
    ) {
        self.store = store
        self.configured = configured
        self.hosts = hosts
        self.patterns = patterns
        self.gatekeeper = gatekeeper
        self.now = now
        self.onChange = onChange
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.get, "/api/v1/autonomy") { request, _ in
                _ = try gatekeeper.admit(request, as: .person)
                return try await view()
            },
            Route(.post, "/api/v1/autonomy/set", bodyLimit: 4_096) { request, _ in try await set(request) },
            Route(.post, "/api/v1/autonomy/reset", bodyLimit: 0) { request, _ in try await reset(request) },
        ]
    }

    private func view() async throws -> HTTPServerResponse {
        let rules = try await StoredAnswer.of { () async throws(StoreError) in try await store.autonomyRules() }
        return .json(
            try JSONBody.encode(
                AutonomyView(
                    decided: rules.map(\.description), configured: configured.rules.map(\.description),
                    otherwise: configured.fallback)))
    }

    private func set(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        let wanted = try JSONBody.read(AutonomyRequest.self, request)
        let rule = try rule(wanted)
        try await StoredAnswer.of { () async throws(StoreError) in
            try await store.setAutonomy(rule, by: person, at: now())
        }
        onChange("\(rule.description), by \(person)")
        return try await view()
    }

    private func reset(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        let count = try await StoredAnswer.of { () async throws(StoreError) in
            try await store.resetAutonomy(by: person, at: now())
        }
        onChange("\(count) decisions forgotten, by \(person)")
        return try await view()
    }

    private func rule(_ wanted: AutonomyRequest) throws -> AutonomyPolicy.Rule {
        let maximum = wanted.maximumClass ?? .bounded
        if wanted.level == .auto, maximum > .disruptive {
            throw HTTPRejection(.badRequest, "class: high risk always needs a person; auto reaches up to disruptive")
        }
        var host: HostName?
        if let text = wanted.host {
            guard let name = HostName(text), hosts.contains(name) else {
                throw HTTPRejection(.badRequest, "host: there is none of that name in the inventory")
            }
            host = name
        }
        if let pattern = wanted.pattern, !patterns.contains(pattern) {
            throw HTTPRejection(.badRequest, "pattern: there is none of that id")
        }
        return AutonomyPolicy.Rule(
            level: wanted.level, maximumClass: maximum, host: host, pattern: wanted.pattern)
    }
}

/// What holds about autonomy, in words and in order of precedence.
package struct AutonomyView: Codable, Sendable, Equatable {
    /// What was decided while the server ran; goes first.
    package let decided: [String]
    /// What the configuration says.
    package let configured: [String]
    /// What holds where nothing else does.
    package let otherwise: Autonomy
}

/// A decision about autonomy.
package struct AutonomyRequest: Codable, Sendable, Equatable {
    /// The level.
    package let level: Autonomy
    /// With level `auto`, up to this class.
    package let maximumClass: CommandClass?
    /// Only on this host.
    package let host: String?
    /// Only for this pattern.
    package let pattern: String?

    /// Decides.
    package init(level: Autonomy, maximumClass: CommandClass?, host: String?, pattern: String?) {
        self.level = level
        self.maximumClass = maximumClass
        self.host = host
        self.pattern = pattern
    }
}
