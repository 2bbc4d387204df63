// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Lanes, so that the jobs of one host can't take every worker, and an index that finds the first job of each.
    ///
    /// From here on `available_at` of a claimed job is the end of its lease in microseconds of the process' uptime.
    static let m004 = Migration(
        version: 4, name: "lanes of jobs",
        script: """
            ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT '';
            DROP INDEX jobs_order;
            DROP INDEX jobs_available;
            CREATE INDEX jobs_order ON jobs (lane, priority, due_at, id) WHERE available_at IS NOT NULL;
            CREATE INDEX jobs_claimed ON jobs (available_at) WHERE state = 'claimed';
            """)
}
