// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension PostgresDatabase {
    /// Tables with a partition for each month.
    static let partitioned = ["deliveries", "rejected_alerts", "timeline", "audit"]
    /// Months that are made ahead.
    private static let monthsAhead = 2

    private static let pause = Duration.milliseconds(100)
    private static let pauses = 600

    /// Makes the partitions of this month and the next ones where they are missing.
    ///
    /// Rows of other months go to the partition for everything else, so nothing is lost where this was not called.
    /// Where another instance is at it, its end is waited for, a minute at most.
    ///
    /// - Parameter now: the time; nil for the server's.
    package func makePartitions(now: Date? = nil) async throws(StoreError) {
        let now = PostgresValue.optional(now.map { StoredTime.microseconds($0) })
        for _ in 0..<Self.pauses {
            let isMade = try await pool.transaction { connection throws(StoreError) in
                let isMine = try connection.first(DatabaseLock.partitions.tryToTake) { row in row.text(0) == "t" }
                guard isMine == true else { return false }
                Self.makePartitions(now, on: connection)
                return true
            }
            if isMade { return }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    private static func makePartitions(_ now: PostgresValue, on connection: PostgresConnection) {
        for table in partitioned {
            for month in 0...monthsAhead {
                connection.run(
                    """
                    SELECT make_partition($2,
                        date_trunc('month', to_timestamp(\(ServerTime.sql(1)) / 1000000.0) AT TIME ZONE 'UTC')
                            + make_interval(months => $3::integer))
                    """,
                    [now, .text(table), .integer(Int64(month))])
            }
        }
    }
}
