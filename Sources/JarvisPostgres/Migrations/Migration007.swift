// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// What targets were like right before steps changed them, sealed.
    static let m007 = Migration(
        version: 7, name: "snapshots",
        statements: [
            """
            CREATE TABLE snapshots (
                intent uuid PRIMARY KEY,
                incident uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                taken_at bigint NOT NULL,
                json text NOT NULL
            )
            """,
            "CREATE INDEX snapshots_incident ON snapshots (incident, taken_at, intent)",
            "CREATE INDEX snapshots_taken ON snapshots (taken_at, intent)",
        ])
}
