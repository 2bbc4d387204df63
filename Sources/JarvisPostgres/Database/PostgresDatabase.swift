// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
package import JarvisCore

/// A PostgreSQL database that several instances may share.
package final class PostgresDatabase: Sendable {
    /// Its connections.
    package let pool: PostgresPool
    /// How it is reached.
    let settings: PostgresSettings
    /// What its queue tells the time by, where that is not the server's clock.
    let queueClock: QueueClock?

    /// Connects, brings the schema up to date where needed, and makes the partitions of this month and the next.
    ///
    /// Leases of others are left alone: whoever holds one may live. Throws `unavailable` when the server can't be
    /// reached, `newerSchema` and `corrupt` where the database is not one that this version may write to; then it is
    /// left as it was.
    ///
    /// - Parameters:
    ///   - queueClock: replaces, for the queue, the server's clock, which all instances share; for tests.
    ///   - random: from 0 up to 1, for the jitter of pauses.
    package convenience init(
        _ settings: PostgresSettings, queueClock: QueueClock? = nil,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) async throws(StoreError) {
        try await self.init(settings, queueClock: queueClock, random: random, migrations: Migration.all)
    }

    init(
        _ settings: PostgresSettings, queueClock: QueueClock?, random: @escaping @Sendable () -> Double,
        migrations: [Migration]
    ) async throws(StoreError) {
        self.settings = settings
        self.queueClock = queueClock
        pool = PostgresPool(settings, random: random)
        do throws(StoreError) {
            try await Migrator(migrations: migrations).migrate(pool)
            try await makePartitions()
        } catch {
            await pool.close()
            throw error
        }
    }

    /// Closes all connections; later calls throw `unavailable`.
    package func close() async { await pool.close() }
}
