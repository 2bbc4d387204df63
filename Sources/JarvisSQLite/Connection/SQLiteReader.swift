// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import JarvisCore
import JarvisStore

/// Reads beside the writer, on a connection and a thread of its own.
package actor SQLiteReader {
    private nonisolated let executor = ThreadExecutor()
    private nonisolated let monitor: CommitMonitor
    // Under a lock, because the writer exchanges it, on its own thread.
    private nonisolated let place: LockedPlace

    init(_ connection: sending SQLiteConnection, _ monitor: CommitMonitor) {
        self.monitor = monitor
        place = LockedPlace(connection)
    }

    deinit { executor.shutDown() }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs `body` on one consistent state of the database: at least as new as every write that returned before.
    package func read<Result: Sendable>(
        _ body: @Sendable (SQLiteConnection) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try place.use { connection throws(StoreError) in
            if FaultPoint.fails("store.read.before") { throw .unavailable(reason: "injected") }
            do throws(StoreError) {
                try connection.run("BEGIN")
                // A read transaction holds nothing that ending it could lose.
                defer { try? connection.run("ROLLBACK") }
                return try body(connection)
            } catch {
                if connection.faults.take() == .damage { monitor.reportDamage(error) }
                throw error
            }
        }
    }

    func close() { place.close() }

    /// Closes the connection, waits for what reads on it, and puts the one that `open` gives in its place.
    nonisolated func exchange(_ open: () throws(StoreError) -> sending SQLiteConnection) throws(StoreError) {
        try place.exchange(open)
    }
}
