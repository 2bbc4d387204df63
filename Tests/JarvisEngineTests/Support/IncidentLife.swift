// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine

/// One incident brought to a point of its life by events.
struct IncidentLife {
    let machine: IncidentMachine
    var incident: Incident

    init(rules: EngineRules, alert: Alert = Homelab.alert(), about target: Target? = Homelab.web) {
        machine = IncidentMachine(rules: rules)
        incident = machine.open(Homelab.id(1), for: alert, about: target, at: Homelab.start).incident
    }

    /// Goes on with an incident under other rules.
    init(rules: EngineRules, incident: Incident) {
        machine = IncidentMachine(rules: rules)
        self.incident = incident
    }

    mutating func apply(_ event: IncidentEvent, at seconds: Double = 10) throws {
        incident = try machine.handle(event, incident, at: Homelab.at(seconds)).incident
    }

    static let ok = Receipt(ending: .exited(status: 0))

    static func repaired(_ seconds: Double) -> Observation {
        Observation(signals: [
            Homelab.signal(.metrics, .good, at: seconds), Homelab.signal(.target, .good, at: seconds, instance: "new"),
        ])
    }

    static func hash(_ incident: Incident) -> String {
        incident.plan?.hash { "digest of \($0)" } ?? "none"
    }

    static func intent(
        for incident: Incident, step: Int = 0, action: Action? = nil, canonical: String? = nil, number: UInt8 = 7
    ) -> Intent {
        let planned = incident.plan?.steps.indices.contains(step) == true ? incident.plan?.steps[step] : nil
        return Intent(
            id: Homelab.id(number), incident: incident.id, step: step,
            action: action ?? planned?.action ?? Action(.containerStart, on: Homelab.web),
            canonical: canonical ?? planned?.canonical ?? "'docker' 'start' 'web'", fencingToken: 1,
            recordedAt: Homelab.at(10), remoteDeadlineSeconds: 75)
    }

    /// The phase, or the outcome of one that ended.
    static func place(_ incident: Incident) -> String {
        if case .closed(let closing) = incident.phase { closing.outcome.rawValue } else { incident.phase.name }
    }

    @Sendable static func toApproval(_ life: inout Self) throws {
        try life.apply(.diagnosed(Homelab.down, TrackRecord()))
    }
    @Sendable static func toAct(_ life: inout Self) throws { try life.apply(.diagnosed(Homelab.down, TrackRecord())) }

    @Sendable static func toRun(_ life: inout Self) throws {
        try toAct(&life)
        try life.apply(.intended(intent(for: life.incident)))
    }

    @Sendable static func toVerify(_ life: inout Self) throws {
        try toRun(&life)
        try life.apply(.received(Homelab.id(7), ok))
    }

    @Sendable static func toLooked(_ life: inout Self) throws {
        try toVerify(&life)
        try life.apply(.observed(repaired(20), round: 0), at: 20)
    }

    @Sendable static func toFixed(_ life: inout Self) throws {
        try toLooked(&life)
        try life.apply(.observed(repaired(30), round: 1), at: 30)
    }
}
