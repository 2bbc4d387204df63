// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Which report an alert's record is from, so that it is replaced only by whoever read it, and an index that finds
    /// the alerts of an incident, and those that none is about.
    static let m006 = Migration(
        version: 6, name: "the order of reports",
        script: """
            ALTER TABLE alerts ADD COLUMN report INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX alerts_incident ON alerts (incident, written_at);
            """)
}
