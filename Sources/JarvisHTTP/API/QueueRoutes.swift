// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// The queue, and a person's decisions about jobs that were given up.
package struct QueueRoutes: Sendable {
    private static let listed = 500

    private let queue: any QueueControl
    private let gatekeeper: Gatekeeper
    private let now: @Sendable () -> Date
    private let onChange: @Sendable (_ what: String) -> Void

    /// Serves this queue; `onChange` is told in words what was decided.
    package init(
        queue: any QueueControl, gatekeeper: Gatekeeper, now: @escaping @Sendable () -> Date,
        onChange: @escaping @Sendable (_ what: String) -> Void
    ) {
        self.queue = queue
        self.gatekeeper = gatekeeper
        self.now = now
        self.onChange = onChange
    }

    /// The routes.
    package var routes: [Route] {
        [
            Route(.get, "/api/v1/queue") { request, _ in
                _ = try gatekeeper.admit(request, as: .person)
                return try await overview()
            },
            Route(.post, "/api/v1/queue/retry", bodyLimit: 4_096) { request, _ in try await retry(request) },
            Route(.post, "/api/v1/queue/drop", bodyLimit: 4_096) { request, _ in try await drop(request) },
        ]
    }

    private func overview() async throws -> HTTPServerResponse {
        .json(
            try JSONBody.encode(
                try await StoredAnswer.of { () async throws(StoreError) in
                    try await queue.queueOverview(limit: Self.listed)
                }))
    }

    private func retry(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        let wanted = try JSONBody.read(QueueRequest.self, request)
        guard (wanted.job != nil) != (wanted.all == true) else {
            throw HTTPRejection(.badRequest, "job: name one, or say all: true")
        }
        let count = try await StoredAnswer.of { () async throws(StoreError) in
            try await queue.retryGivenUp(wanted.job, by: person, at: now())
        }
        if let job = wanted.job, count == 0 { throw Self.none(job) }
        onChange("\(wanted.job.map { "job \($0)" } ?? "\(count) given-up jobs") tried again, by \(person)")
        return try await overview()
    }

    private func drop(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let person = try gatekeeper.admit(request, as: .person)
        guard let job = try JSONBody.read(QueueRequest.self, request).job else {
            throw HTTPRejection(.badRequest, "job: is missing")
        }
        let was = try await StoredAnswer.of { () async throws(StoreError) in
            try await queue.dropGivenUp(job, by: person, at: now())
        }
        guard was else { throw Self.none(job) }
        onChange("job \(job) dropped, by \(person)")
        return try await overview()
    }

    private static func none(_ job: Int64) -> HTTPRejection {
        HTTPRejection(.conflict, "there is no given-up job \(job)")
    }
}

/// A decision about given-up jobs.
package struct QueueRequest: Codable, Sendable, Equatable {
    /// The number of one.
    package let job: Int64?
    /// Every one.
    package let all: Bool?

    /// Decides about one job, or about every one.
    package init(job: Int64? = nil, all: Bool? = nil) {
        self.job = job
        self.all = all
    }
}
