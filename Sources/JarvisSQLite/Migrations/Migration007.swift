// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Endings as `fixed` that did not hold, which count as failures of the pattern that was credited.
    static let m007 = Migration(
        version: 7, name: "withdrawn verdicts",
        script: """
            CREATE TABLE withdrawals (
                incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                at INTEGER NOT NULL,
                pattern TEXT,
                target TEXT,
                PRIMARY KEY (incident, number)
            ) WITHOUT ROWID;
            CREATE INDEX withdrawals_at ON withdrawals (at, pattern, target);
            """)
}
