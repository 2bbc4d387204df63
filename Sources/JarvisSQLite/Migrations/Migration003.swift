// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// The audit log: records are added at its end, and nothing else is ever done to it.
    ///
    /// The triggers keep mistakes away. Who may write the file can remove them: that is what the hashes are for.
    static let m003 = Migration(
        version: 3, name: "audit log",
        script: """
            CREATE TABLE audit (
                sequence INTEGER PRIMARY KEY NOT NULL,
                hash TEXT NOT NULL CHECK (length(hash) = 64),
                record TEXT NOT NULL
            ) STRICT;
            CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
                BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
            CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
                BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
            -- Also what keeps REPLACE away, which is no DELETE to a trigger.
            CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit
                WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
                BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
            """)
}
