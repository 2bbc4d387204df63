// SPDX-License-Identifier: Apache-2.0

extension Action {
    /// The catalogue's names; what each one means, the catalogue says (`ActionCatalogue`).
    package enum Name: String, Sendable, Codable, CaseIterable {
        case containerStart = "container.start"
        case containerRestart = "container.restart"
        case containerUnpause = "container.unpause"
        case unitStart = "unit.start"
        case unitRestart = "unit.restart"
        case unitReload = "unit.reload"
        case serviceStart = "service.start"
        case serviceRestart = "service.restart"
        case composeRestart = "compose.restart"
        case composeUp = "compose.up"
        case journalVacuum = "journal.vacuum"
        case dockerPruneImages = "docker.pruneImages"
        case dockerPruneBuildCache = "docker.pruneBuildCache"
        case logsRotate = "logs.rotate"
        case aptClean = "apt.clean"
        case dnsFlush = "dns.flush"
        case timeSync = "time.sync"
        case certificateRenew = "certificate.renew"
        case interfaceRestart = "interface.restart"
        case hostReboot = "host.reboot"
        /// A command that no other name stands for; its text is in the plan's step.
        case command

        /// The names of typed actions, which stand for themselves.
        package static let typed: [Name] = allCases.filter { $0 != .command }
    }
}
