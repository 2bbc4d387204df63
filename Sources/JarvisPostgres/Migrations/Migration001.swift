// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Everything of the first release.
    ///
    /// Times are microseconds since 1970, UTC. Text that is searched for has the order of its bytes, whatever the
    /// database's own; text of unlimited length is in no index, but a digest of it may be.
    static let m001 = Migration(
        version: 1, name: "deliveries, alerts, incidents, timeline, jobs, intents, restraint, audit, credentials",
        statements: [
            // Ids begin with the time, so that ranges of ids are months, and an id alone tells its partition.
            """
            CREATE TABLE deliveries (
                id uuid PRIMARY KEY,
                received_at bigint NOT NULL,
                json text NOT NULL
            ) PARTITION BY RANGE (id)
            """,
            "CREATE INDEX deliveries_received ON deliveries (received_at)",
            "CREATE TABLE deliveries_other PARTITION OF deliveries DEFAULT",
            """
            CREATE TABLE rejected_alerts (
                delivery uuid NOT NULL,
                number integer NOT NULL,
                json text NOT NULL,
                PRIMARY KEY (delivery, number)
            ) PARTITION BY RANGE (delivery)
            """,
            "CREATE TABLE rejected_alerts_other PARTITION OF rejected_alerts DEFAULT",
            // Two sets of labels may share a fingerprint (64 bits, not collision-proof): each has its own row.
            """
            CREATE TABLE alerts (
                fingerprint text COLLATE "C" NOT NULL,
                labels_digest text COLLATE "C" NOT NULL,
                labels text NOT NULL,
                incident uuid,
                written_at bigint NOT NULL,
                json text NOT NULL,
                PRIMARY KEY (fingerprint, labels_digest)
            ) WITH (fillfactor = 80)
            """,
            """
            CREATE TABLE incidents (
                id uuid PRIMARY KEY,
                version bigint NOT NULL,
                opened_at bigint NOT NULL,
                closed_at bigint,
                phase text NOT NULL,
                outcome text,
                title text NOT NULL,
                target text COLLATE "C",
                json text NOT NULL,
                pattern text COLLATE "C",
                failed boolean NOT NULL
            ) WITH (fillfactor = 80)
            """,
            """
            CREATE UNIQUE INDEX incidents_open_target ON incidents (target)
                WHERE closed_at IS NULL AND target IS NOT NULL
            """,
            "CREATE INDEX incidents_opened ON incidents (opened_at, id)",
            "CREATE INDEX incidents_open ON incidents (opened_at, id) WHERE closed_at IS NULL",
            "CREATE INDEX incidents_failed ON incidents (closed_at, pattern, target) WHERE failed",
            """
            CREATE TABLE incident_alerts (
                incident uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                fingerprint text COLLATE "C" NOT NULL,
                PRIMARY KEY (incident, fingerprint)
            )
            """,
            "CREATE INDEX incident_alerts_fingerprint ON incident_alerts (fingerprint)",
            // The month is that of the incident, so that a history is in one partition.
            "CREATE SEQUENCE timeline_sequence",
            """
            CREATE TABLE timeline (
                sequence bigint NOT NULL DEFAULT nextval('timeline_sequence'),
                incident uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                at bigint NOT NULL,
                json text NOT NULL,
                PRIMARY KEY (incident, sequence)
            ) PARTITION BY RANGE (incident)
            """,
            "CREATE INDEX timeline_order ON timeline (sequence)",
            "CREATE TABLE timeline_other PARTITION OF timeline DEFAULT",
            // Grows with every claim of any job, also over crashes; one may be left out.
            "CREATE SEQUENCE job_fence",
            """
            CREATE TABLE jobs (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                kind text COLLATE "C" NOT NULL,
                payload text NOT NULL,
                -- A digest of kind and payload.
                identity text COLLATE "C" NOT NULL,
                priority bigint NOT NULL,
                lane text COLLATE "C" NOT NULL,
                due_at bigint NOT NULL,
                state text COLLATE "C" NOT NULL CHECK (state IN ('ready', 'claimed', 'dead')),
                attempts bigint NOT NULL DEFAULT 0,
                token bigint NOT NULL DEFAULT 0,
                -- When it may be claimed: the due time, or the end of the lease; NULL for dead ones.
                available_at bigint CHECK ((available_at IS NULL) = (state = 'dead')),
                reason text
            ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)
            """,
            "CREATE UNIQUE INDEX jobs_waiting ON jobs (identity) WHERE state = 'ready'",
            "CREATE INDEX jobs_order ON jobs (lane, priority, due_at, id) WHERE available_at IS NOT NULL",
            "CREATE INDEX jobs_claimed ON jobs (available_at) WHERE state = 'claimed'",
            "CREATE INDEX jobs_dead ON jobs (id) WHERE available_at IS NULL",
            """
            CREATE TABLE intents (
                id uuid PRIMARY KEY,
                incident uuid NOT NULL REFERENCES incidents (id),
                step integer NOT NULL,
                recorded_at bigint NOT NULL,
                -- When the host ends it at the latest.
                ends_at bigint NOT NULL,
                host text COLLATE "C" NOT NULL,
                target text COLLATE "C" NOT NULL,
                json text NOT NULL,
                receipt text,
                -- It ended for Jarvis alone and may run on the host until ends_at.
                is_unknown boolean NOT NULL DEFAULT false
            )
            """,
            "CREATE INDEX intents_incident ON intents (incident, recorded_at, id)",
            "CREATE INDEX intents_pending ON intents (recorded_at, id) WHERE receipt IS NULL",
            "CREATE INDEX intents_recorded ON intents (recorded_at, host, target)",
            """
            CREATE TABLE holds (
                mode text COLLATE "C" NOT NULL CHECK (mode IN ('pause', 'dryRun')),
                -- Empty: everywhere.
                host text COLLATE "C" NOT NULL,
                since bigint NOT NULL,
                until bigint,
                json text NOT NULL,
                PRIMARY KEY (mode, host)
            )
            """,
            """
            CREATE TABLE autonomy_rules (
                subject text COLLATE "C" PRIMARY KEY,
                specificity bigint NOT NULL,
                json text NOT NULL
            )
            """,
            """
            CREATE TABLE credentials (
                name text COLLATE "C" PRIMARY KEY,
                digest text NOT NULL,
                created_at bigint NOT NULL
            )
            """,
            """
            CREATE TABLE audit (
                sequence bigint NOT NULL,
                at bigint NOT NULL,
                hash text NOT NULL CHECK (length(hash) = 64),
                record text NOT NULL,
                PRIMARY KEY (sequence, at)
            ) PARTITION BY RANGE (at)
            """,
            "CREATE TABLE audit_other PARTITION OF audit DEFAULT",
        ] + auditRules + partitions)

    /// They keep mistakes away; who may change the tables can remove them, and that is what the hashes are for.
    private static let auditRules = [
        """
        CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = '23514'; END $$
        """,
        """
        CREATE FUNCTION audit_has_no_gaps() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM jarvis.audit) THEN
                RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        END $$
        """,
        "CREATE TRIGGER is_not_edited BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
        "CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
        "CREATE TRIGGER has_no_gaps BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_has_no_gaps()",
    ]

    private static let partitions = [
        // The first id that can be made in a month.
        """
        CREATE FUNCTION month_id(month timestamp) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
            SELECT (lpad(to_hex((extract(epoch FROM month) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
        $$
        """,
        // What a month's rows are in already can't become a partition; they stay where they are.
        """
        CREATE FUNCTION make_partition(parent text, month timestamp) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            name text := parent || '_' || to_char(month, 'YYYY_MM');
            next timestamp := month + interval '1 month';
        BEGIN
            IF to_regclass('jarvis.' || name) IS NOT NULL THEN RETURN; END IF;
            IF parent = 'audit' THEN
                EXECUTE format('CREATE TABLE jarvis.%I PARTITION OF jarvis.%I FOR VALUES FROM (%s) TO (%s)',
                    name, parent, (extract(epoch FROM month) * 1000000)::bigint,
                    (extract(epoch FROM next) * 1000000)::bigint);
            ELSE
                EXECUTE format('CREATE TABLE jarvis.%I PARTITION OF jarvis.%I FOR VALUES FROM (%L) TO (%L)',
                    name, parent, jarvis.month_id(month), jarvis.month_id(next));
            END IF;
        EXCEPTION WHEN check_violation THEN
            RAISE NOTICE '% has rows of % already', parent, month;
        END $$
        """,
    ]
}
