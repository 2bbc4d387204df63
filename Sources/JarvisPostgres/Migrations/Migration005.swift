// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Endings as `fixed` that did not hold, which count as failures of the pattern that was credited.
    static let m005 = Migration(
        version: 5, name: "withdrawn verdicts",
        statements: [
            """
            CREATE TABLE withdrawals (
                incident uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                number bigint NOT NULL,
                at bigint NOT NULL,
                pattern text,
                target text,
                PRIMARY KEY (incident, number)
            )
            """,
            "CREATE INDEX withdrawals_at ON withdrawals (at, pattern, target)",
        ])
}
