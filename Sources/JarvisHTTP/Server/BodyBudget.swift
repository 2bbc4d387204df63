// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The content bytes that all requests together may hold in memory.
final class BodyBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes bytes from the budget; `false`, and nothing taken, when it does not have them.
    func take(_ bytes: Int) -> Bool {
        let (_, after) = used.add(bytes, ordering: .relaxed)
        if after <= limit { return true }
        used.subtract(bytes, ordering: .relaxed)
        return false
    }

    /// Puts bytes back.
    func giveBack(_ bytes: Int) {
        used.subtract(bytes, ordering: .relaxed)
    }
}
