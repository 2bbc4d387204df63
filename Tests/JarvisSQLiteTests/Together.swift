// SPDX-License-Identifier: Apache-2.0

import Dispatch
import JarvisCore
import JarvisSQLite

/// Starts writes while the writer is kept busy, so that all of them wait for the same transaction.
func together(
    _ count: Int, on database: SQLiteDatabase, _ write: @escaping @Sendable (Int) async throws -> Void
) async throws {
    let gate = DispatchSemaphore(value: 0)
    let (held, holds) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup { group in
        group.addTask {
            try await database.writer.write { _ throws(StoreError) in
                holds.finish()
                gate.wait()
            }
        }
        for await _ in held {}
        for number in 0..<count { group.addTask { try await write(number) } }
        do { try await eventually("all wait") { database.writer.waitingWrites == count } } catch {
            gate.signal()
            throw error
        }
        gate.signal()
        try await group.waitForAll()
    }
}
