// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Synchronization
import Testing

/// A log whose storing takes as long as the test wants.
private final class SlowLog: AlertLog {
    private struct State {
        var stored: [Delivery] = []
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private let state = Mutex(State())

    var stored: [Delivery] { state.withLock { $0.stored } }
    var waiting: Int { state.withLock { $0.waiting.count } }

    func accept(_ delivery: Delivery) async throws(StoreError) {
        let isDurable = await withCheckedContinuation { continuation in
            state.withLock { $0.waiting.append(continuation) }
        }
        guard isDurable else { throw .unavailable(reason: "the disk is full") }
        state.withLock { $0.stored.append(delivery) }
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? { nil }

    func end(_ isDurable: Bool) {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: isDurable) }
    }

    func wait(for count: Int) async { while waiting < count { await Task.yield() } }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}

@Suite(.timeLimit(.minutes(1))) struct IntakeStormTests {
    private static func body(_ name: String, _ status: String = "firing") -> String {
        IntakeRoutesTests.webhook(
            #"{"status":"\#(status)","labels":{"alertname":"\#(name)"},"startsAt":"2026-11-23T10:00:00Z"}"#)
    }

    @Test func `a repeat is answered when its first copy is durable, and costs no row`() async throws {
        let log = SlowLog()
        let api = try APIFixture(alertLog: log)
        let answered = Counter()
        try await withThrowingTaskGroup { group in
            group.addTask { try await api.ask(.post, "/webhook", as: .password, body: Self.body("A")) }
            await log.wait(for: 1)
            for _ in 0..<5 {
                group.addTask {
                    let response = try await api.ask(.post, "/webhook", as: .password, body: Self.body("A"))
                    answered.add()
                    return response
                }
            }
            for _ in 0..<1_000 { await Task.yield() }
            #expect(answered.count == 0)
            log.end(true)
            let texts = try await group.reduce(into: Set<String>()) { texts, response in
                #expect(response.status == .accepted)
                texts.insert(response.text)
            }
            // All of them name the delivery of the first copy.
            #expect(texts.count == 1)
        }
        #expect(log.stored.count == 1)
        #expect(try await api.ask(.post, "/webhook", as: .password, body: Self.body("A")).status == .accepted)
        #expect(log.stored.count == 1)
        #expect(api.metrics.render().contains(#"jarvis_alerts_repeated_total{source="alertmanager"} 6"#))
    }

    @Test func `a repeat of what could not be stored is refused, and the next copy is stored`() async throws {
        let log = SlowLog()
        let api = try APIFixture(alertLog: log)
        try await withThrowingTaskGroup { group in
            group.addTask { try await api.ask(.post, "/webhook", as: .password, body: Self.body("A")).status }
            await log.wait(for: 1)
            group.addTask { try await api.ask(.post, "/webhook", as: .password, body: Self.body("A")).status }
            for _ in 0..<1_000 { await Task.yield() }
            log.end(false)
            for try await status in group { #expect(status == .serviceUnavailable) }
            group.addTask { try await api.ask(.post, "/webhook", as: .password, body: Self.body("A")).status }
            await log.wait(for: 1)
            log.end(true)
            for try await status in group { #expect(status == .accepted) }
        }
        #expect(log.stored.count == 1)
    }

    @Test func `an alert that fires again after it was resolved is no repeat`() async throws {
        let api = try APIFixture()
        for status in ["firing", "resolved", "firing", "firing"] {
            let response = try await api.ask(.post, "/webhook", as: .password, body: Self.body("A", status))
            #expect(response.status == .accepted)
        }
        #expect(await api.store.queue.counts().map(\.count) == [3])
    }

    @Test func `too many that wait are refused at once, and another sender still finds room`() async throws {
        let log = SlowLog()
        let told = Mutex<[Int]>([])
        let api = try APIFixture(
            admission: IntakeAdmission(limits: .init(deliveries: 8, bytes: 1 << 20)),
            onOverload: { count in told.withLock { $0.append(count) } }, alertLog: log)
        try await withThrowingTaskGroup { group in
            for number in 0..<4 {
                group.addTask {
                    try await api.ask(.post, "/webhook", as: .password, body: Self.body("A\(number)")).status
                }
            }
            await log.wait(for: 4)
            for _ in 0..<2 {
                let refused = try await api.ask(.post, "/webhook", as: .password, body: Self.body("B"))
                #expect(refused.status == .serviceUnavailable)
                #expect(refused.headers["Retry-After"] == "5")
            }
            group.addTask {
                try await api.ask(.post, "/webhook", as: .token, body: Self.body("C"), from: "192.0.2.9").status
            }
            await log.wait(for: 5)
            log.end(true)
            for try await status in group { #expect(status == .accepted) }
        }
        #expect(log.stored.count == 5)
        // One line for both refusals of the same ten seconds.
        #expect(told.withLock { $0 } == [1])
        #expect(api.metrics.render().contains(#"{source="unknown",result="overloaded"} 2"#))
        let task = Task { try await api.ask(.post, "/webhook", as: .password, body: Self.body("D")).status }
        await log.wait(for: 1)
        log.end(true)
        #expect(try await task.value == .accepted)
    }

    @Test func `one large request does not take all the bytes there are`() async throws {
        let log = SlowLog()
        let api = try APIFixture(
            admission: IntakeAdmission(limits: .init(deliveries: 100, bytes: 300)), alertLog: log)
        let large = Self.body(String(repeating: "x", count: 300))
        #expect(try await api.ask(.post, "/webhook", as: .password, body: large).status == .serviceUnavailable)
        #expect(log.stored.isEmpty)
    }
}
