// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisHTTP
import Synchronization
import Testing

@Suite struct QueueRoutesTests {
    /// A queue with one given-up job, number 7.
    private final class OneJob: QueueControl {
        let decisions = Mutex<[String]>([])

        func queueOverview(limit: Int) async throws(StoreError) -> QueueOverview {
            QueueOverview(
                depths: [.init(kind: "intake", state: "dead", count: 1)], oldestDue: nil,
                givenUp: [.init(job: 7, kind: "intake", subject: "x", attempts: 3, reason: "because")])
        }

        func retryGivenUp(_ job: Int64?, by person: String, at now: Date) async throws(StoreError) -> Int {
            guard job == nil || job == 7 else { return 0 }
            decisions.withLock { $0.append("retry \(job.map { "\($0)" } ?? "all") by \(person)") }
            return 1
        }

        func dropGivenUp(_ job: Int64, by person: String, at now: Date) async throws(StoreError) -> Bool {
            guard job == 7 else { return false }
            decisions.withLock { $0.append("drop \(job) by \(person)") }
            return true
        }
    }

    private func api(_ queue: OneJob = OneJob()) throws -> APIFixture { try APIFixture(queue: queue) }

    @Test func `a person sees the queue and decides about given-up jobs`() async throws {
        let queue = OneJob()
        let api = try api(queue)
        let shown = try await api.ask(.get, "/api/v1/queue", as: .person)
        #expect(shown.status == .ok && shown.text.contains("because"))
        for (path, body) in [
            ("retry", #"{"job":7}"#), ("retry", #"{"all":true}"#), ("drop", #"{"job":7}"#),
        ] {
            #expect(try await api.ask(.post, "/api/v1/queue/\(path)", as: .person, body: body).status == .ok)
        }
        #expect(queue.decisions.withLock { $0 } == ["retry 7 by ada", "retry all by ada", "drop 7 by ada"])
    }

    @Test(arguments: [
        ("retry", #"{"job":8}"#, HTTPStatus.conflict), ("drop", #"{"job":8}"#, .conflict),
        ("retry", "{}", .badRequest), ("retry", #"{"all":false}"#, .badRequest),
        ("retry", #"{"job":7,"all":true}"#, .badRequest), ("drop", "{}", .badRequest),
        ("drop", #"{"all":true}"#, .badRequest), ("retry", #"{"job":"7"}"#, .badRequest), ("drop", "[]", .badRequest),
    ])
    func `what names no given-up job is refused`(_ path: String, _ body: String, _ status: HTTPStatus) async throws {
        #expect(try await api().ask(.post, "/api/v1/queue/\(path)", as: .person, body: body).status == status)
    }

    @Test func `a sender of alerts may neither look nor decide`() async throws {
        let queue = OneJob()
        let api = try api(queue)
        for who in [APIFixture.Who.token, .password, .nobody] {
            #expect(try await api.ask(.get, "/api/v1/queue", as: who).status == .unauthorized)
            #expect(
                try await api.ask(.post, "/api/v1/queue/drop", as: who, body: #"{"job":7}"#).status == .unauthorized)
        }
        #expect(queue.decisions.withLock { $0 }.isEmpty)
    }
}
