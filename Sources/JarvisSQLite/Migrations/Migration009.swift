// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// What targets were like right before steps changed them, sealed.
    static let m009 = Migration(
        version: 9, name: "snapshots",
        script: """
            CREATE TABLE snapshots (
                intent TEXT PRIMARY KEY,
                incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                taken_at INTEGER NOT NULL,
                json TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX snapshots_incident ON snapshots (incident, taken_at, intent);
            CREATE INDEX snapshots_taken ON snapshots (taken_at, intent);
            """)
}
