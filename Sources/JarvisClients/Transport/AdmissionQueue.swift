// SPDX-License-Identifier: Apache-2.0
/// Decides which waiting request may start: first come first served, within a total limit and one per peer.
struct AdmissionQueue<Item> {
    private struct Entry {
        let id: UInt64
        let peer: Peer
        let deadline: ContinuousClock.Instant
        let item: Item
    }

    private let total: Int
    private let perPeer: Int
    private let waitingLimit: Int
    private var waiting: [Entry] = []
    private var running = 0
    private var runningPerPeer: [Peer: Int] = [:]

    init(total: Int, perPeer: Int, waitingLimit: Int) {
        self.total = total
        self.perPeer = perPeer
        self.waitingLimit = waitingLimit
    }

    /// When the first of the waiting requests runs out of time.
    var earliestDeadline: ContinuousClock.Instant? { waiting.map(\.deadline).min() }

    /// Puts a request in line; false when the line is full.
    mutating func enqueue(_ item: Item, id: UInt64, peer: Peer, deadline: ContinuousClock.Instant) -> Bool {
        guard waiting.count < waitingLimit else { return false }
        waiting.append(Entry(id: id, peer: peer, deadline: deadline, item: item))
        return true
    }

    /// Takes the next request that may run and counts it as running.
    mutating func admit() -> Item? {
        guard running < total,
            let index = waiting.firstIndex(where: { runningPerPeer[$0.peer, default: 0] < perPeer })
        else { return nil }
        let entry = waiting.remove(at: index)
        running += 1
        runningPerPeer[entry.peer, default: 0] += 1
        return entry.item
    }

    /// Gives back the slot of a running request.
    mutating func finished(_ peer: Peer) {
        running -= 1
        let left = runningPerPeer[peer, default: 1] - 1
        runningPerPeer[peer] = left > 0 ? left : nil
    }

    /// Takes a request out of the line.
    mutating func withdraw(_ id: UInt64) -> Item? {
        waiting.firstIndex { $0.id == id }.map { waiting.remove(at: $0).item }
    }

    /// Takes those out of the line that waited too long.
    mutating func expire(at now: ContinuousClock.Instant) -> [Item] {
        let late = waiting.filter { $0.deadline <= now }
        if !late.isEmpty { waiting.removeAll { $0.deadline <= now } }
        return late.map(\.item)
    }

    /// Empties the line.
    mutating func drain() -> [Item] {
        defer { waiting = [] }
        return waiting.map(\.item)
    }
}
