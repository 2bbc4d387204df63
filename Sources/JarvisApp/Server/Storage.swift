// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisCore
import JarvisPostgres
import JarvisSQLite
import JarvisStore
import Logging

/// The store that the configuration names, opened.
enum Storage: Sendable {
    /// A file of the data directory, for a single instance.
    case file(SQLiteDatabase)
    /// A database that instances share.
    case shared(SharedStorage)

    /// Its ports.
    func store(
        onJobsCommitted: @escaping @Sendable () -> Void, onAudited: @escaping @Sendable (AuditRecord.Event) -> Void
    ) -> any Store {
        switch self {
        case .file(let database):
            SQLiteStore(database, onJobsCommitted: onJobsCommitted, onAudited: onAudited)
        case .shared(let shared):
            PostgresStore(shared.database, onJobsCommitted: onJobsCommitted, onAudited: onAudited)
        }
    }

    /// Its jobs.
    var queue: any JobQueueDriver {
        switch self {
        case .file(let database): SQLiteJobQueue(database)
        case .shared(let shared): PostgresJobQueue(shared.database)
        }
    }

    /// What becomes of its transactions.
    var monitor: CommitMonitor {
        switch self {
        case .file(let database): database.writer.monitor
        case .shared(let shared): shared.database.pool.monitor
        }
    }

    /// The epoch of its commands for guards; nil: the data directory counts them.
    var epoch: UInt64? {
        switch self {
        case .file: nil
        case .shared(let shared): shared.epoch
        }
    }

    /// Where deliveries wait while it is away; nil: they do not.
    var spool: SpoolFolder? {
        switch self {
        case .file: nil
        case .shared(let shared): shared.spool
        }
    }

    /// Does beside the workers what the store needs, until cancelled; throws when this instance must end.
    ///
    /// - Parameter onWork: called when another instance may have put jobs into the queue; must return at once.
    func attend(logger: Logger, onWork: @escaping @Sendable () -> Void) async throws {
        if case .shared(let shared) = self { try await shared.attend(logger: logger, onWork: onWork) }
    }

    /// Brings forward what waits for a time because this machine's wall clock was set back.
    ///
    /// Nothing for a database that is shared: its jobs go by its server's clock.
    func clockWasSetBack(by step: Duration) async throws {
        guard case .file(let database) = self else { return }
        try await SQLiteJobQueue(database).bringForward(JobRequest.Work.kindsThatMayComeEarly, by: step)
    }

    /// Lets deliveries that wait be taken in at once, at the start of a process.
    ///
    /// None waits for a time, but the clock may have been set back while nobody ran. `Recovery` does the same for
    /// incidents.
    func takeUpIntakes() async throws {
        guard case .file(let database) = self else { return }
        try await SQLiteJobQueue(database).makeDue([JobRequest.Work.intakeKind])
    }

    /// Ends its connections; later calls throw `unavailable`.
    func close() async {
        switch self {
        case .file(let database): await database.close()
        case .shared(let shared): await shared.close()
        }
    }
}
