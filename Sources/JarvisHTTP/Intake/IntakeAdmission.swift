// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

/// Bounds the deliveries that wait for the disk, and shares the room fairly between senders.
///
/// A sender may hold as much as is still free: alone it gets half of the room, so that another one always finds some
/// however noisy the first is. What finds no room is refused at once and kept by its sender.
package final class IntakeAdmission: Sendable {
    /// How much may wait.
    package struct Limits: Sendable {
        /// Deliveries of all senders.
        package var deliveries: Int
        /// Bytes of their requests.
        package var bytes: Int

        /// Describes the room.
        package init(deliveries: Int = 1_024, bytes: Int = 64 * 1_024 * 1_024) {
            self.deliveries = deliveries
            self.bytes = bytes
        }
    }

    private struct Load {
        var deliveries = 0
        var bytes = 0
    }

    private struct State {
        var total = Load()
        var bySender: [String: Load] = [:]
        var refused = 0
        var toldAt: Date?
    }

    private static let pauseBetweenReports = 10.0

    private let limits: Limits
    private let state = Mutex(State())

    /// Nothing waits yet.
    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Takes room for a delivery; false, and nothing taken, when there is too little.
    ///
    /// Each true needs one `leave`.
    func enter(_ sender: String, bytes: Int) -> Bool {
        state.withLock { state in
            let own = state.bySender[sender] ?? Load()
            guard own.deliveries < limits.deliveries - state.total.deliveries,
                own.bytes + bytes <= limits.bytes - state.total.bytes
            else {
                state.refused += 1
                return false
            }
            state.total.deliveries += 1
            state.total.bytes += bytes
            state.bySender[sender] = Load(deliveries: own.deliveries + 1, bytes: own.bytes + bytes)
            return true
        }
    }

    /// Gives the room of a delivery back.
    func leave(_ sender: String, bytes: Int) {
        state.withLock { state in
            guard var own = state.bySender[sender] else { return }
            state.total.deliveries -= 1
            state.total.bytes -= bytes
            own.deliveries -= 1
            own.bytes -= bytes
            // Only who waits is remembered, so that the number of senders is bounded, too.
            state.bySender[sender] = own.deliveries > 0 ? own : nil
        }
    }

    /// How many were refused since this was last told; nil where that is less than ten seconds ago.
    func refusalsToTell(at now: Date) -> Int? {
        state.withLock { state in
            if let told = state.toldAt, (0..<Self.pauseBetweenReports).contains(now.timeIntervalSince(told)) {
                return nil
            }
            state.toldAt = now
            defer { state.refused = 0 }
            return state.refused > 0 ? state.refused : nil
        }
    }
}
