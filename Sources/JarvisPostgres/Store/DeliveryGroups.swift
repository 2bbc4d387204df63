// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore
import Synchronization

/// Writes deliveries with group commit: those that arrive while a commit waits for the disk share the next
/// transaction.
///
/// One of those who wait writes for all; then the first of those that came meanwhile does.
final class DeliveryGroups: Sendable {
    /// Deliveries in one transaction at most, so that no caller waits for an endless one.
    private static let limit = 256

    private enum Turn {
        case lead
        case settled(Result<Void, StoreError>)
    }

    private struct Waiting {
        let delivery: StoredDelivery
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isLed = false
    }

    private let pool: PostgresPool
    private let state = Mutex(State())

    init(_ pool: PostgresPool) { self.pool = pool }

    /// Durable when it returns; when it throws, nothing of this delivery is kept, whatever became of the others.
    func write(_ delivery: StoredDelivery) async throws(StoreError) {
        let turn = await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                guard state.isLed else {
                    state.isLed = true
                    return true
                }
                state.waiting.append(Waiting(delivery: delivery, continuation: continuation))
                return false
            }
            if leads { continuation.resume(returning: Turn.lead) }
        }
        switch turn {
        case .settled(let result): try result.get()
        case .lead: try await lead(delivery)
        }
    }

    private func lead(_ mine: StoredDelivery) async throws(StoreError) {
        let others = state.withLock { state in
            let others = Array(state.waiting.prefix(Self.limit - 1))
            state.waiting.removeFirst(others.count)
            return others
        }
        let results = await commit([mine] + others.map(\.delivery))
        for (other, result) in zip(others, results.dropFirst()) {
            other.continuation.resume(returning: .settled(result))
        }
        let next = state.withLock { state -> CheckedContinuation<Turn, Never>? in
            guard let next = state.waiting.first else {
                state.isLed = false
                return nil
            }
            state.waiting.removeFirst()
            return next.continuation
        }
        next?.resume(returning: .lead)
        try results[0].get()
    }

    private func commit(_ group: [StoredDelivery]) async -> [Result<Void, StoreError>] {
        do throws(StoreError) {
            try await pool.transaction(writes: group.count) { connection throws(StoreError) in
                for delivery in group { DeliveryRows.insert(delivery, on: connection) }
            }
            return group.map { _ in .success(()) }
        } catch {
            // Away for one is away for all. What else went wrong is the fault of one of them.
            if case .unavailable = error { return group.map { _ in .failure(error) } }
            guard group.count > 1 else { return [.failure(error)] }
            var results: [Result<Void, StoreError>] = []
            for delivery in group { results += await commit([delivery]) }
            return results
        }
    }
}
