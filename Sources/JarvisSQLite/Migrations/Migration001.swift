// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Everything of the first release.
    ///
    /// Times are microseconds since 1970, UTC.
    static let m001 = Migration(
        version: 1, name: "deliveries, alerts, incidents, timeline, jobs, intents, credentials",
        script: """
            CREATE TABLE deliveries (
                id TEXT PRIMARY KEY NOT NULL,
                received_at INTEGER NOT NULL,
                json TEXT NOT NULL
            ) WITHOUT ROWID, STRICT;
            CREATE INDEX deliveries_received ON deliveries (received_at);

            CREATE TABLE rejected_alerts (
                sequence INTEGER PRIMARY KEY,
                delivery TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                json TEXT NOT NULL
            ) STRICT;
            CREATE INDEX rejected_alerts_delivery ON rejected_alerts (delivery, position);

            -- Two sets of labels may share a fingerprint (64 bits, not collision-proof): each has its own row.
            CREATE TABLE alerts (
                fingerprint TEXT NOT NULL,
                labels TEXT NOT NULL,
                incident TEXT,
                written_at INTEGER NOT NULL,
                json TEXT NOT NULL,
                PRIMARY KEY (fingerprint, labels)
            ) WITHOUT ROWID, STRICT;

            CREATE TABLE incidents (
                id TEXT PRIMARY KEY NOT NULL,
                version INTEGER NOT NULL,
                opened_at INTEGER NOT NULL,
                closed_at INTEGER,
                phase TEXT NOT NULL,
                outcome TEXT,
                title TEXT NOT NULL,
                target TEXT,
                json TEXT NOT NULL
            ) WITHOUT ROWID, STRICT;
            CREATE UNIQUE INDEX incidents_open_target ON incidents (target)
                WHERE closed_at IS NULL AND target IS NOT NULL;
            CREATE INDEX incidents_opened ON incidents (opened_at, id);
            CREATE INDEX incidents_open ON incidents (opened_at, id) WHERE closed_at IS NULL;

            CREATE TABLE incident_alerts (
                incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                fingerprint TEXT NOT NULL,
                PRIMARY KEY (incident, fingerprint)
            ) WITHOUT ROWID, STRICT;
            CREATE INDEX incident_alerts_fingerprint ON incident_alerts (fingerprint);

            CREATE TABLE timeline (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                at INTEGER NOT NULL,
                json TEXT NOT NULL
            ) STRICT;
            CREATE INDEX timeline_incident ON timeline (incident, sequence);

            CREATE TABLE jobs (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                kind TEXT NOT NULL,
                payload TEXT NOT NULL,
                priority INTEGER NOT NULL,
                due_at INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('ready', 'claimed', 'dead')),
                attempts INTEGER NOT NULL DEFAULT 0,
                token INTEGER NOT NULL DEFAULT 0,
                -- When it may be claimed: the due time, or the end of the lease; NULL for dead ones.
                available_at INTEGER CHECK ((available_at IS NULL) = (state = 'dead')),
                reason TEXT
            ) STRICT;
            CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, payload) WHERE state = 'ready';
            CREATE INDEX jobs_order ON jobs (priority, due_at, id) WHERE available_at IS NOT NULL;
            CREATE INDEX jobs_available ON jobs (available_at) WHERE available_at IS NOT NULL;
            CREATE TABLE job_fence (
                only INTEGER PRIMARY KEY CHECK (only = 1),
                token INTEGER NOT NULL
            ) STRICT;
            INSERT INTO job_fence VALUES (1, 0);

            CREATE TABLE intents (
                id TEXT PRIMARY KEY NOT NULL,
                incident TEXT NOT NULL REFERENCES incidents (id),
                step INTEGER NOT NULL,
                recorded_at INTEGER NOT NULL,
                json TEXT NOT NULL,
                receipt TEXT
            ) WITHOUT ROWID, STRICT;
            CREATE INDEX intents_incident ON intents (incident, id);
            CREATE INDEX intents_pending ON intents (id) WHERE receipt IS NULL;

            CREATE TABLE credentials (
                name TEXT PRIMARY KEY NOT NULL,
                digest TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) WITHOUT ROWID, STRICT;
            """)
}
