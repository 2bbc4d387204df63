// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import JarvisCore

/// Accepts deliveries while their database is away: they wait in a spool on this machine and go there, the oldest
/// file first.
///
/// What is accepted is durable, in the one or in the other. While anything waits, everything that comes waits behind
/// it. A file's deliveries go in their order, some in each transaction. A delivery of which nobody knows whether the database has it (the connection broke in the middle, or the answer is
/// overdue) is given to it once more, and found there where it has.
package struct SpoolingAlertLog: AlertLog {
    /// What came of a try to empty the spool.
    package enum Drain: Sendable, Equatable {
        /// Nothing waits.
        case empty
        /// So many deliveries went to the database.
        case moved(Int)
        /// Of a file some could not be read, or the database refuses it: the rest went there, and the file is kept.
        case damaged(moved: Int)
        /// The database, or the disk, is away.
        case away(StoreError)
    }

    /// Deliveries that go to the database at a time.
    private static let batch = 64

    private let database: any OrderedAlertLog
    private let folder: SpoolFolder
    private let patience: Patience
    private let onSpooled: @Sendable (StoreError?) -> Void

    /// Puts a spool before a database.
    ///
    /// - Parameters:
    ///   - patience: for how long the database may be asked to take a delivery. Senders wait for tens of seconds at most.
    ///   - onSpooled: called for each delivery that went into the spool, with the reason where it was the first not to
    ///     reach the database; must return at once.
    package init(
        before database: any OrderedAlertLog, folder: SpoolFolder, patience: Patience = Patience(.seconds(5)),
        onSpooled: @escaping @Sendable (StoreError?) -> Void
    ) {
        self.database = database
        self.folder = folder
        self.patience = patience
        self.onSpooled = onSpooled
    }

    package func accept(_ delivery: Delivery) async throws(StoreError) {
        var reason: StoreError?
        // Behind one that is overdue it would only wait as long.
        if folder.level.bytes == 0, !patience.isExhausted {
            switch await patience.wait(for: { [database] in await Self.offer(delivery, to: database) }) {
            case .success: return
            case .failure(let error):
                guard case .unavailable = error else { throw error }
                reason = error
            case nil:
                reason = .unavailable(reason: "the database has not answered within \(patience.limit)")
            }
        }
        try await folder.append(delivery)
        onSpooled(reason)
    }

    private static func offer(_ delivery: Delivery, to database: any AlertLog) async -> Result<Void, StoreError> {
        do throws(StoreError) { return .success(try await database.accept(delivery)) } catch { return .failure(error) }
    }

    package func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? {
        try await database.delivery(id)
    }

    /// Moves the oldest file of the spool to the database.
    ///
    /// It is gone only when the database has all of it.
    package func drain() async -> Drain {
        do throws(StoreError) {
            guard let file = try await folder.oldest() else { return .empty }
            if FaultPoint.fails("spool.drain.before") { throw .unavailable(reason: "injected") }
            var moved = 0
            var rest = file.deliveries[...]
            while !rest.isEmpty {
                moved += try await move(rest.prefix(Self.batch))
                rest = rest.dropFirst(Self.batch)
            }
            let isDamaged = file.isDamaged || moved < file.deliveries.count
            try await folder.remove(file.number, isDamaged: isDamaged)
            FaultPoint.passes("spool.drain.after")
            return isDamaged ? .damaged(moved: moved) : .moved(moved)
        } catch {
            return .away(error)
        }
    }

    /// How many the database has now; throws when it is away.
    ///
    /// In their order, because the database's order of acceptance tells which report of an alert is the newest.
    private func move(_ deliveries: ArraySlice<Delivery>) async throws(StoreError) -> Int {
        let missing = try await missing(of: deliveries)
        guard !missing.isEmpty else { return deliveries.count }
        do throws(StoreError) {
            try await database.accept(inOrder: missing)
            return deliveries.count
        } catch {
            guard !error.isRetryable else { throw error }
        }
        // One of them is at fault, or got there by another try between the look and the write.
        var failures = 0
        for delivery in missing {
            do throws(StoreError) { try await move(delivery) } catch {
                guard !error.isRetryable else { throw error }
                failures += 1
            }
        }
        return deliveries.count - failures
    }

    /// Those that the database does not have, in their order.
    private func missing(of deliveries: ArraySlice<Delivery>) async throws(StoreError) -> [Delivery] {
        let looks = await withTaskGroup(of: (Int, Result<Bool, StoreError>).self) { group in
            for (place, delivery) in zip(deliveries.indices, deliveries) {
                group.addTask { [database] in
                    do throws(StoreError) {
                        return (place, .success(try await database.delivery(delivery.id) == nil))
                    } catch { return (place, .failure(error)) }
                }
            }
            return await group.reduce(into: [Int: Result<Bool, StoreError>]()) { $0[$1.0] = $1.1 }
        }
        var missing: [Delivery] = []
        for (place, delivery) in zip(deliveries.indices, deliveries) {
            if try looks[place]?.get() != false { missing.append(delivery) }
        }
        return missing
    }

    private func move(_ delivery: Delivery) async throws(StoreError) {
        do throws(StoreError) { try await database.accept(delivery) } catch {
            guard case .corrupt = error, try await database.delivery(delivery.id) != nil else { throw error }
        }
    }
}
