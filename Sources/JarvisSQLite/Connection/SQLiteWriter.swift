// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import JarvisCore
package import JarvisStore
import Synchronization

/// The one writer of a database, with group commit: writes that arrive while a commit waits for the disk share the
/// next transaction.
package actor SQLiteWriter {
    /// Writes in one transaction at most, so that no caller waits for an endless one.
    package static let groupLimit = 256

    private nonisolated let executor = ThreadExecutor()
    private nonisolated let waiting = Mutex<[any PendingWrite]>([])
    private let limit: Int
    private var connection: SQLiteConnection?

    /// Whether what is written reaches the disk.
    package nonisolated let monitor = CommitMonitor()

    /// Transactions committed since the start; fewer than writes where writes shared them.
    package private(set) var transactions = 0

    /// Writes that wait for a transaction now.
    package nonisolated var waitingWrites: Int { waiting.withLock { $0.count } }

    init(_ connection: sending SQLiteConnection, groupLimit: Int = SQLiteWriter.groupLimit) {
        self.connection = connection
        limit = max(1, groupLimit)
    }

    deinit { executor.shutDown() }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs `body` inside a transaction; durable (fsynced) when it returns.
    ///
    /// When `body` throws, nothing of it is kept and the writes it shares the transaction with are not affected. It
    /// may be run again where a shared transaction failed, so it must do nothing but use the connection. The calling
    /// task's cancellation is ignored.
    package nonisolated func write<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let write = Write(body)
        waiting.withLock { $0.append(write) }
        await commitWaiting(until: write)
        return try write.result()
    }

    /// Writes everything back into the database file and closes the connection; later writes throw.
    func close() {
        FaultPoint.passes("store.close.before")
        // Failing is harmless: the write-ahead log is replayed when the file is opened again.
        try? connection?.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection = nil
    }

    /// Commits what waits, in order, until `write` is among it.
    ///
    /// The caller put its write into the list before it came here, and this never suspends: either a call before this
    /// one has committed it, or it is still in the list.
    private func commitWaiting(until write: any PendingWrite) {
        while !write.isSettled {
            let group = waiting.withLock { waiting in
                let group = Array(waiting.prefix(limit))
                waiting.removeFirst(group.count)
                return group
            }
            guard let connection else {
                for write in group { write.fail(.unavailable(reason: "the database is closed")) }
                continue
            }
            commit(group, on: connection)
        }
    }

    private func commit(_ group: [any PendingWrite], on connection: SQLiteConnection) {
        let begin = ContinuousClock.now
        let before = connection.totalChanges
        func report(_ failure: StoreError?) {
            monitor.report(.init(writes: group.count, duration: begin.duration(to: .now), failure: failure))
        }
        do throws(StoreError) {
            var shortage: StoreError?
            if FaultPoint.fails("store.begin.before") { throw StoreError.unavailable(reason: "injected") }
            try connection.run("BEGIN IMMEDIATE")
            for write in group {
                let failure = try runInSavepoint(write, on: connection)
                // What a write was refused for is its own affair; that there was no room for it is not.
                if case .unavailable? = failure { shortage = failure }
            }
            if FaultPoint.fails("store.commit.before") { throw StoreError.unavailable(reason: "injected") }
            try connection.run("COMMIT")
            FaultPoint.passes("store.commit.after")
            transactions += 1
            if shortage != nil || connection.totalChanges > before { report(shortage) }
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            guard group.count > 1 else {
                group[0].fail(error)
                report(error)
                return
            }
            // One write may be too much where the others fit (a full disk), so each gets a transaction of its own.
            for write in group { commit([write], on: connection) }
        }
    }

    /// What the write alone failed with; throws only when the whole transaction is lost.
    private func runInSavepoint(
        _ write: any PendingWrite, on connection: SQLiteConnection
    ) throws(StoreError) -> StoreError? {
        try connection.run("SAVEPOINT w")
        guard let failure = write.run(on: connection) else {
            if FaultPoint.fails("store.write.after") { throw .unavailable(reason: "injected") }
            try connection.run("RELEASE w")
            return nil
        }
        // SQLite ends the transaction by itself for a full disk and some I/O errors: then nothing is left to release.
        guard connection.isInTransaction else { throw failure }
        try connection.execute("ROLLBACK TO w; RELEASE w")
        return failure
    }
}

/// A write that waits for its transaction.
private protocol PendingWrite: Sendable {
    /// Runs it and keeps what came of it; the error when it failed.
    func run(on connection: SQLiteConnection) -> StoreError?
    /// Replaces what came of it, because the transaction failed.
    func fail(_ error: StoreError)
    /// Whether anything came of it yet.
    var isSettled: Bool { get }
}

private final class Write<Success: Sendable>: PendingWrite {
    private let body: @Sendable (SQLiteConnection) throws(StoreError) -> Success
    private let outcome = Mutex<Result<Success, StoreError>?>(nil)

    init(_ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Success) { self.body = body }

    func run(on connection: SQLiteConnection) -> StoreError? {
        do {
            let success = try body(connection)
            outcome.withLock { $0 = .success(success) }
            return nil
        } catch {
            fail(error)
            return error
        }
    }

    func fail(_ error: StoreError) { outcome.withLock { $0 = .failure(error) } }

    var isSettled: Bool { outcome.withLock { $0 != nil } }

    func result() throws(StoreError) -> Success {
        guard let outcome = outcome.withLock({ $0 }) else {
            throw .unavailable(reason: "the write was not run")
        }
        return try outcome.get()
    }
}
