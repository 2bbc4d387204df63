// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisPostgres
import JarvisStore
import Logging

/// A PostgreSQL database as one of the instances that share it sees it.
final class SharedStorage: Sendable {
    /// How often it is asked whether this instance may still go on.
    private static let pause = Duration.seconds(10)
    private static let roundsPerHour = 360

    let database: PostgresDatabase
    /// What guards order commands by; the same for all instances.
    let epoch: UInt64
    /// The file whose lock keeps two instances out of one data directory.
    static let lockName = "instance.lock"
    /// Where deliveries wait while the database is away.
    let spool: SpoolFolder
    /// Where attempts to repair the database are kept while it is away.
    let repairs: StoreRepairFolder
    private let seen: SeenToken
    private let lock: InstanceLock

    /// Connects, and takes the data directory for this instance.
    ///
    /// Throws `ServerError.database` where the database is an earlier state than this directory knows, or a copy on
    /// another server: what was done since would be done again.
    init(_ url: Secret, dataDirectory: String, logger: Logger) async throws {
        lock = try InstanceLock(path: dataDirectory + "/" + Self.lockName)
        seen = SeenToken(in: dataDirectory)
        spool = try SpoolFolder(path: dataDirectory + "/spool")
        repairs = StoreRepairFolder(path: dataDirectory + "/spool/repairs")
        database = try await PostgresDatabase(PostgresSettings(url: url.reveal()))
        do {
            let standing = try await database.standing(after: GuardKey.lastEpoch(in: dataDirectory))
            if standing.isElsewhere {
                throw ServerError.database("it was made on another server and copied to this one")
            }
            try seen.check(standing)
            let known = try GuardKey.lastEpoch(in: dataDirectory)
            guard standing.epoch >= known else {
                throw ServerError.database("guards have heard epoch \(known) from here, and it is at \(standing.epoch)")
            }
            if !standing.isDurable {
                logger.error(
                    "fsync or full_page_writes of the database are off: a power cut loses what it said it keeps")
            }
            epoch = standing.epoch
        } catch {
            await database.close()
            throw error
        }
    }

    /// The highest fencing token that this instance knows of.
    var lastToken: UInt64 { seen.last }

    /// Listens for work of other instances, makes the partitions of the months to come, and notes how far the database
    /// has come, until cancelled; throws when it was put back or taken over meanwhile.
    func attend(logger: Logger, onWork: @escaping @Sendable () -> Void) async throws {
        let listener = PostgresListener(database, logger: logger, onWork: onWork)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await listener.run() }
            group.addTask { try await self.watch(logger) }
            for try await _ in group {}
        }
    }

    private func watch(_ logger: Logger) async throws {
        var rounds = 0
        while true {
            do { try await Task.sleep(for: Self.pause) } catch { return }
            do {
                let standing = try await database.standing(after: epoch)
                guard standing.epoch == epoch, !standing.isElsewhere else { throw ServerError.adopted }
                try seen.check(standing)
                try seen.note(standing.token)
                if rounds.isMultiple(of: Self.roundsPerHour) { try await database.makePartitions() }
                rounds += 1
            } catch let error as ServerError {
                throw error
            } catch {
                // Away for now, or the disk of the data directory is full: no reason to end.
                logger.debug("the database can't be watched", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Closes its connections.
    func close() async { await database.close() }
}
