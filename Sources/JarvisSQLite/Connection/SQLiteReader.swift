// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import JarvisCore
import JarvisStore

/// Reads beside the writer, on a connection and a thread of its own.
package actor SQLiteReader {
    private nonisolated let executor = ThreadExecutor()
    private var connection: SQLiteConnection?

    init(_ connection: sending SQLiteConnection) { self.connection = connection }

    deinit { executor.shutDown() }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs `body` on one consistent state of the database: at least as new as every write that returned before.
    package func read<Result: Sendable>(
        _ body: @Sendable (SQLiteConnection) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        guard let connection else { throw .unavailable(reason: "the database is closed") }
        if FaultPoint.fails("store.read.before") { throw .unavailable(reason: "injected") }
        try connection.run("BEGIN")
        // A read transaction holds nothing that ending it could lose.
        defer { try? connection.run("ROLLBACK") }
        return try body(connection)
    }

    func close() { connection = nil }
}
