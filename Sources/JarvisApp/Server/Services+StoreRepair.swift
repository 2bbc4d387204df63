// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisPostgres
import JarvisRuntime
import Synchronization

extension Services {
    /// Who starts the database when it is away; nil where the store is a file of this machine.
    func storeRepairer(_ current: CurrentWiring) -> StoreRepairer? {
        guard case .shared(let shared) = storage else { return nil }
        let start = ContinuousClock.now
        return StoreRepairer(
            store: PostgresStore(
                shared.database,
                onAudited: { [registry] event in registry.add(1, to: "jarvis_audit_records_total", [event.rawValue]) }),
            files: shared.repairs, epoch: shared.epoch,
            setting: { [hosts] in
                let wiring = current.value
                let repair = wiring.settings.configuration.databaseRepair
                return StoreRepairer.Setting(
                    permission: repair.map { StoreRepair.Permission(target: $0.target, after: $0.after / .seconds(1)) },
                    rules: wiring.rules, runner: hosts.runner(under: wiring.rules.policy))
            },
            fencingToken: { shared.lastToken }, registry: registry, onAsk: { [notice] in notice.set($0 != nil) },
            StoreRepairer.Surroundings(
                logger: logger,
                now: { StoreRepair.Moment(date: Date(), uptime: start.duration(to: .now) / .seconds(1)) },
                pause: { try await Task.sleep(for: $0) }, randomBytes: SecureRandom.bytes))
    }
}

/// What the readiness route says of the store's repair; it tells nothing that is not for everybody.
final class StoreRepairNotice: Sendable {
    private let isNeeded = Mutex(false)

    var text: String? {
        isNeeded.withLock { $0 } ? "it needs a person, the log says why" : nil
    }

    func set(_ isNeeded: Bool) { self.isNeeded.withLock { $0 = isNeeded } }
}
