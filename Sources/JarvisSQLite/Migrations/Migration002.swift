// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// What restraint looks at (holds, where intents act, how incidents with changes ended), and decided autonomy.
    ///
    /// Rows of before have no host and no pattern and count for nothing.
    static let m002 = Migration(
        version: 2, name: "holds, blast radius, breakers, autonomy",
        script: """
            CREATE TABLE holds (
                mode TEXT NOT NULL CHECK (mode IN ('pause', 'dryRun')),
                -- Empty: everywhere.
                host TEXT NOT NULL,
                since INTEGER NOT NULL,
                until INTEGER,
                json TEXT NOT NULL,
                PRIMARY KEY (mode, host)
            ) WITHOUT ROWID, STRICT;

            CREATE TABLE autonomy_rules (
                subject TEXT PRIMARY KEY NOT NULL,
                specificity INTEGER NOT NULL,
                json TEXT NOT NULL
            ) WITHOUT ROWID, STRICT;

            ALTER TABLE intents ADD COLUMN host TEXT;
            ALTER TABLE intents ADD COLUMN target TEXT;
            CREATE INDEX intents_recorded ON intents (recorded_at, host, target);
            CREATE INDEX intents_running ON intents (host) WHERE receipt IS NULL;

            ALTER TABLE incidents ADD COLUMN pattern TEXT;
            ALTER TABLE incidents ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX incidents_failed ON incidents (closed_at, pattern, target) WHERE failed = 1;
            """)
}
