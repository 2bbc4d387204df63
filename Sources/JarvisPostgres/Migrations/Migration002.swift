// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// What guards order the commands of all replicas by, and on which server that was decided.
    static let m002 = Migration(
        version: 2, name: "the epoch that all replicas share",
        statements: [
            """
            CREATE TABLE fence_epoch (
                one boolean PRIMARY KEY DEFAULT true CHECK (one),
                epoch bigint NOT NULL,
                system_identifier text COLLATE "C" NOT NULL
            )
            """
        ])
}
