// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisPostgres
import JarvisRuntime
import JarvisStore

/// Takes over a shared database that was put back to an earlier state or moved to another server.
///
/// What was done since is not known, so nothing is carried on from it: guards refuse what earlier instances may still
/// send, open incidents are looked at anew, and every change waits until a person lifts the pause.
package struct Adoption: Sendable {
    /// What was done.
    package struct Done: Sendable {
        /// Incidents that are looked at anew.
        package let openIncidents: Int
        /// The epoch from now on.
        package let epoch: UInt64
    }

    private let settings: OperatorSettings

    /// Prepares to take over the database of a configuration.
    package init(settings: OperatorSettings) { self.settings = settings }

    /// Takes it over; may be run again after it was interrupted.
    ///
    /// Throws `ServerError.store` where there is none, or it can't be reached.
    package func run(by person: String, now: Date) async throws -> Done {
        let configuration = settings.configuration
        guard let url = configuration.databaseURL else {
            throw ServerError.store("database.url is not set; a file is put back with 'jarvis restore'")
        }
        do {
            // Nobody who runs in this directory may go on meanwhile.
            let lock = try InstanceLock(path: configuration.dataDirectory + "/" + SharedStorage.lockName)
            let database = try await PostgresDatabase(PostgresSettings(url: url.reveal()))
            defer { withExtendedLifetime(lock) {} }
            do {
                let done = try await adopt(database, by: person, now: now)
                await database.close()
                return done
            } catch {
                await database.close()
                throw error
            }
        } catch let error as StoreError {
            throw ServerError.store(error.description)
        }
    }

    private func adopt(_ database: PostgresDatabase, by person: String, now: Date) async throws -> Done {
        let machine = IncidentMachine(rules: try RulesBuilder.rules(settings, executable: "/jarvis", canaryPort: 1))
        let store = PostgresStore(database)
        // First, so that nobody who was forgotten on another machine begins anything in between.
        let isPaused = try await store.holds(at: now).contains {
            $0.mode == .pause && $0.host == nil && $0.until == nil
        }
        if !isPaused {
            let reason =
                "the database was put back or moved: look at the open incidents and at the levels of autonomy, then "
                + "lift this with 'jarvis resume'"
            try await store.place(Hold(mode: .pause, host: nil, by: person, reason: reason, since: now))
        }
        let open = try await store.incidents(openOnly: true, limit: .max)
        let ledger = IncidentLedger.offline(store, machine, now: now)
        for incident in open { try await ledger.apply(.restored(now), to: incident.id) }
        // Last: only this lets an instance start.
        let epoch = try await database.adopt(
            after: GuardKey.lastEpoch(in: configuration.dataDirectory), by: person, at: now)
        return Done(openIncidents: open.count, epoch: epoch)
    }

    private var configuration: Configuration { settings.configuration }
}
