// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import Logging

/// Puts a configuration that was read anew into force, as far as that goes without a restart.
struct Reload: Sendable {
    static let metric = "jarvis_configuration_reloads_total"

    private let current: CurrentWiring
    private let registry: MetricsRegistry
    private let logger: Logger
    private let wire: @Sendable (OperatorSettings) throws -> Wiring

    /// - Parameter wire: makes the wiring of settings.
    init(
        _ current: CurrentWiring, registry: MetricsRegistry, logger: Logger,
        wire: @escaping @Sendable (OperatorSettings) throws -> Wiring
    ) {
        registry.declare(
            .counter, Self.metric, help: "Times the configuration was read anew, by result.", labels: ["result"])
        self.current = current
        self.registry = registry
        self.logger = logger
        self.wire = wire
    }

    /// Puts them into force, or leaves what holds as it is and says why.
    func apply(_ read: Result<OperatorSettings, OperatorSettings.Faults>) {
        do {
            let new = try read.get()
            let old = current.value.settings.configuration
            current.replace(by: try wire(new.keepingWhatNeedsARestart(from: old)))
            registry.add(1, to: Self.metric, ["applied"])
            for note in new.notes { logger.notice("configuration", metadata: ["note": "\(note)"]) }
            let waiting = new.configuration.changesThatNeedARestart(from: old)
            logger.notice(
                "the configuration was read anew and holds",
                metadata: waiting.isEmpty ? [:] : ["after a restart": "\(waiting.joined(separator: ", "))"])
        } catch {
            registry.add(1, to: Self.metric, ["refused"])
            logger.error(
                "the configuration was read anew and does not hold; the one before does",
                metadata: ["faults": "\(error)"])
        }
    }
}

extension Configuration {
    /// Names of the sections that differ and hold only after a restart.
    func changesThatNeedARestart(from old: Configuration) -> [String] {
        var names: [String] = []
        if dataDirectory != old.dataDirectory { names.append("data") }
        if databaseURL != old.databaseURL { names.append("database") }
        if server != old.server { names.append("server") }
        if webhook != old.webhook { names.append("webhook") }
        if ssh != old.ssh { names.append("ssh") }
        if keptFor != old.keptFor { names.append("retention") }
        if log != old.log { names.append("log") }
        if timing.alertRepeatCooldown != old.timing.alertRepeatCooldown { names.append("timing.alert_repeat_cooldown") }
        if isAnyGuarded, !old.isAnyGuarded { names.append("the first guarded host") }
        return names
    }

    private var isAnyGuarded: Bool { inventory.hosts.values.contains(where: \.isGuarded) }
}

extension OperatorSettings {
    fileprivate func keepingWhatNeedsARestart(from old: Configuration) -> OperatorSettings {
        var kept = configuration
        kept.dataDirectory = old.dataDirectory
        // What is started belongs to the database that is used until the restart; that nothing may be started holds now.
        if configuration.databaseURL != old.databaseURL, kept.databaseRepair != nil {
            kept.databaseRepair = old.databaseRepair
        }
        kept.databaseURL = old.databaseURL
        kept.server = old.server
        kept.webhook = old.webhook
        kept.ssh = old.ssh
        kept.log = old.log
        kept.timing.alertRepeatCooldown = old.timing.alertRepeatCooldown
        return OperatorSettings(configuration: kept, patterns: patterns, policy: policy, notes: notes)
    }
}
