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
    /// How often a damaged file is looked at again.
    private let checkPause: Duration
    private let file: SQLiteFile
    private let reader: SQLiteReader
    private var place: ConnectionPlace
    /// Why all connections are to be opened anew before anything else is written.
    private var doubt: StoreError?
    /// Whether the last checkpoint failed.
    private var owesCheckpoint = false
    private var lastCheck: ContinuousClock.Instant?

    /// Whether what is written reaches the disk.
    package nonisolated let monitor: CommitMonitor

    /// Transactions committed since the start; fewer than writes where writes shared them.
    package private(set) var transactions = 0

    /// Writes that wait for a transaction now.
    package nonisolated var waitingWrites: Int { waiting.withLock { $0.count } }

    /// Pages of the write-ahead log from which on it is written back: 4 MiB, as SQLite does by itself.
    private static let checkpointFrames = 1000

    init(
        _ connection: sending SQLiteConnection, of file: SQLiteFile, beside reader: SQLiteReader,
        _ monitor: CommitMonitor, groupLimit: Int, checkPause: Duration
    ) {
        self.file = file
        self.reader = reader
        self.monitor = monitor
        place = ConnectionPlace(connection)
        limit = max(1, groupLimit)
        self.checkPause = checkPause
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
        // Failing is harmless: the write-ahead log stays and is replayed when the file is opened again. In doubt that
        // is what it is for.
        if doubt == nil, monitor.damage == nil { try? place.get().finish() }
        place.close()
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
            do throws(StoreError) {
                let connection = try soundConnection()
                // First of all: a log that grows would take the room that the file needs to take over what is in it.
                if owesCheckpoint { checkpoint(connection) }
                commit(group, on: connection)
                if monitor.damage == nil, connection.logFrames >= Self.checkpointFrames { checkpoint(connection) }
            } catch {
                for write in group { write.fail(error) }
                guard !place.isClosed else { continue }
                monitor.report(.init(writes: group.count, duration: .zero, failure: error))
            }
        }
    }

    /// The connection, opened anew where the one there was is not to be relied on; throws where that does not help.
    private func soundConnection() throws(StoreError) -> SQLiteConnection {
        if let damage = monitor.damage {
            // Reading all of a large file takes long, and it is there to be tried again by every write.
            if let lastCheck, ContinuousClock.now - lastCheck < checkPause { throw damage }
            lastCheck = .now
            try reopen(checkingPages: true)
            monitor.isWhole()
        } else if doubt != nil {
            try reopen(checkingPages: false)
        }
        do { return try place.get() } catch {
            guard !place.isClosed else { throw error }
            try reopen(checkingPages: false)
            return try place.get()
        }
    }

    /// Closes both connections and begins as a new process would: with the log made certain, and all of it to be
    /// written back.
    private func reopen(checkingPages: Bool) throws(StoreError) {
        try place.exchange { () throws(StoreError) in
            var writing: SQLiteConnection?
            var refusal: StoreError?
            try reader.exchange { () throws(StoreError) in
                try WriteAheadLog.renew(of: file.path)
                let connection = try file.openForWriting()
                do throws(StoreError) {
                    if checkingPages { try file.checkPages(connection) }
                    try file.prepareForWriting(connection)
                    writing = connection
                } catch { refusal = error }
                // What can still be read may be.
                return try file.openForReading()
            }
            guard let writing else { throw refusal ?? .unavailable(reason: "the database is closed") }
            return writing
        }
        doubt = nil
    }

    /// Writes the write-ahead log back into the file; whether that worked.
    ///
    /// What was committed is durable in the log whether that works or not. But where the file can't be synced, pages
    /// that an earlier, partial checkpoint wrote may be lost in memory, marked as clean, and SQLite does not write them
    /// a second time: only connections that are opened anew begin from the first frame of the log again.
    @discardableResult private func checkpoint(_ connection: SQLiteConnection) -> Bool {
        // A second one on the same connections might work, and be worth nothing.
        guard doubt == nil else { return false }
        do throws(StoreError) {
            try connection.checkpoint()
            owesCheckpoint = false
            monitor.reportCheckpoint(nil)
            return true
        } catch {
            owesCheckpoint = true
            switch connection.faults.take() {
            case .damage: monitor.reportDamage(error)
            case .disk: doubt = error
            case .room, nil: break
            }
            monitor.reportCheckpoint(error)
            return false
        }
    }

    private func commit(
        _ group: [any PendingWrite], on connection: SQLiteConnection, hasMadeRoom: Bool = false
    ) {
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
            _ = connection.faults.take()
            if shortage != nil || connection.totalChanges > before { report(shortage) }
        } catch {
            // After a failed sync this is enough: SQLite goes on before the frames of what failed and writes over them,
            // so that the kernel takes them for unwritten again, and the next sync speaks of what it is asked about.
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            let fault = connection.faults.take()
            if fault == .damage { monitor.reportDamage(error) }
            // The log takes room that it needs no more once it is written back: the next transaction begins at its front.
            if fault == .room, !hasMadeRoom, checkpoint(connection) {
                commit(group, on: connection, hasMadeRoom: true)
                return
            }
            guard group.count > 1, fault == nil || fault == .room else {
                // A disk that fails would fail each of them again, after as long a time.
                for write in group { write.fail(error) }
                report(error)
                return
            }
            // One write may be too much where the others fit (a full disk), so each gets a transaction of its own.
            for write in group { commit([write], on: connection, hasMadeRoom: true) }
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
        // To a file that is damaged, or on a disk that fails, nothing of the group is written.
        guard connection.isInTransaction, !connection.faults.areFatal else { throw failure }
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
