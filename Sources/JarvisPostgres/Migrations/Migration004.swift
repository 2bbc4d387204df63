// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Which attempts to repair the store are in the audit log, so that none is told twice.
    static let m004 = Migration(
        version: 4, name: "attempts to repair the store",
        statements: [
            """
            CREATE TABLE store_repairs (
                id uuid PRIMARY KEY,
                told_at bigint NOT NULL
            )
            """
        ])
}
