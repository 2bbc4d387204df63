// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import JarvisCore
import JarvisEngine

/// Puts together what the engine decides by: the owner's configuration, the shipped patterns, and the drill's canary.
enum RulesBuilder {
    static func rules(_ settings: OperatorSettings, executable: String, canaryPort: Int) throws(ServerError)
        -> EngineRules
    {
        let configuration = settings.configuration
        guard let canary = DrillCanary.declaration(executable: executable, port: canaryPort) else {
            throw ServerError.inventory("this program's own path '\(executable)' is not absolute")
        }
        let policy = SelfAwareness.protect(settings.policy)
        var hosts = configuration.inventory.hosts
        if configuration.databaseURL == nil {
            let local = hosts[.local] ?? Host(name: .local, connection: .local)
            hosts[.local] = Host(
                name: .local, connection: local.connection, rootKinds: local.rootKinds, labels: local.labels,
                targets: local.targets.filter { $0.name != DrillCanary.name } + [canary])
        } else {
            // It would be another machine for each of the instances.
            hosts[.local] = nil
        }
        let autonomy = configuration.autonomy
        return EngineRules(
            inventory: Inventory(Array(hosts.values)), patterns: settings.patterns.patterns, policy: policy,
            policyDigest: SHA256.hexDigest(of: Array(policy.identity.utf8)),
            autonomy: AutonomyPolicy(rules: [DrillCanary.autonomy] + autonomy.rules, fallback: autonomy.fallback),
            blastRadius: configuration.blastRadius, breakers: configuration.breakers,
            approvalLifetime: configuration.approvalExpiry / .seconds(1),
            escalationCooldown: configuration.timing.escalationCooldown / .seconds(1),
            ownContainers: OwnContainer.current(), digest: { SHA256.hexDigest(of: Array($0.utf8)) }
        )
    }
}
