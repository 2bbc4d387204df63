// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Synchronization

/// Knows the alerts that came lately, so that a repeat costs no row.
///
/// A repeat is the newest report of an alert once more: same labels, same `startsAt`, same state, within the cooldown.
/// Its answer still waits until the first copy is durable, and is a refusal
/// where that could not be stored. Bounded: of too many alerts those seen longest ago are forgotten, and taken in again.
package final class RecentAlerts: Sendable {
    /// The labels by two hashes: the fingerprint can be forged, the other one is seeded anew by every process.
    private struct Key: Hashable {
        let fingerprint: Fingerprint
        let seeded: Int

        init(_ labels: LabelSet, _ fingerprint: Fingerprint) {
            self.fingerprint = fingerprint
            seeded = labels.hashValue
        }
    }

    private struct Report {
        let startsAt: Date
        let state: Alert.State
        let at: Date
        let storing: Storing
    }

    /// Two generations, so that forgetting is cheap.
    private struct State {
        var newer: [Key: Report] = [:]
        var older: [Key: Report] = [:]
    }

    /// What is to be done with the alerts of one request.
    struct Sorted {
        /// Those that must be stored.
        let fresh: [Alert]
        /// Their storing, to be ended by `stored`; others may wait for it.
        let storing: Storing
        /// The storings of first copies.
        let awaited: [Storing]
    }

    private let cooldown: Double
    private let generation: Int
    private let state = Mutex(State())

    /// Remembers up to `capacity` alerts for `cooldown` seconds.
    package init(cooldown: Double, capacity: Int = 16_384) {
        self.cooldown = cooldown
        generation = max(1, capacity / 2)
    }

    /// Tells repeats from what is new; what is new counts as coming with this delivery from now on.
    func sort(_ alerts: [Alert], of delivery: DeliveryID, at now: Date) -> Sorted {
        let storing = Storing(delivery)
        return state.withLock { state in
            var fresh: [Alert] = []
            var awaited: [Storing] = []
            for alert in alerts {
                let key = Key(alert.labels, alert.fingerprint)
                if let known = state.newer[key] ?? state.older[key], known.startsAt == alert.startsAt,
                    known.state == alert.state, (0..<cooldown).contains(now.timeIntervalSince(known.at))
                {
                    if !awaited.contains(where: { $0 === known.storing }) { awaited.append(known.storing) }
                    continue
                }
                fresh.append(alert)
                if state.newer.count >= generation, state.newer[key] == nil {
                    state.older = state.newer
                    state.newer = [:]
                }
                state.newer[key] = Report(startsAt: alert.startsAt, state: alert.state, at: now, storing: storing)
            }
            return Sorted(fresh: fresh, storing: storing, awaited: awaited)
        }
    }

    /// Ends a storing; one that failed is forgotten, so that the next copy is stored instead.
    func stored(_ sorted: Sorted, _ isDurable: Bool) {
        if !isDurable {
            state.withLock { state in
                for alert in sorted.fresh {
                    let key = Key(alert.labels, alert.fingerprint)
                    if state.newer[key]?.storing === sorted.storing { state.newer[key] = nil }
                    if state.older[key]?.storing === sorted.storing { state.older[key] = nil }
                }
            }
        }
        sorted.storing.end(isDurable)
    }
}

/// One delivery on its way to the disk, for those who wait for it.
final class Storing: Sendable {
    private struct State {
        var outcome: Bool?
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    let delivery: DeliveryID
    private let state = Mutex(State())

    init(_ delivery: DeliveryID) { self.delivery = delivery }

    /// Whether it became durable; waits until that is known.
    func isDurable() async -> Bool {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state -> Bool? in
                if state.outcome == nil { state.waiting.append(continuation) }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    fileprivate func end(_ outcome: Bool) {
        let waiting = state.withLock { state in
            state.outcome = outcome
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }
}
