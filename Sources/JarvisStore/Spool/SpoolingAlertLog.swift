// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import JarvisCore

/// Accepts deliveries while their database is away: they wait in a spool on this machine and go there, the oldest
/// file first.
///
/// What is accepted is durable, in the one or in the other. While anything waits, everything that comes waits behind
/// it. A file's deliveries go some at a time, side by side; whoever takes them in goes by when they were received. A
/// delivery of which nobody knows whether the database has it (the connection broke in the middle, or the answer is
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

    private let database: any AlertLog
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
        before database: any AlertLog, folder: SpoolFolder, patience: Patience = Patience(.seconds(5)),
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
    private func move(_ deliveries: ArraySlice<Delivery>) async throws(StoreError) -> Int {
        let failures = await withTaskGroup(of: StoreError?.self) { group in
            for delivery in deliveries {
                group.addTask {
                    do throws(StoreError) { try await move(delivery) } catch { return error }
                    return nil
                }
            }
            return await group.reduce(into: [StoreError]()) { if let failure = $1 { $0.append(failure) } }
        }
        if let away = failures.first(where: \.isRetryable) { throw away }
        return deliveries.count - failures.count
    }

    private func move(_ delivery: Delivery) async throws(StoreError) {
        if try await database.delivery(delivery.id) != nil { return }
        do throws(StoreError) { try await database.accept(delivery) } catch {
            // Another try may have got there between the look and the write.
            guard case .corrupt = error, try await database.delivery(delivery.id) != nil else { throw error }
        }
    }
}
