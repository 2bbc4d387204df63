// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

/// What the audit log is told.
@Suite struct IncidentAuditTests {
    typealias Life = IncidentLife

    private func audited(_ life: inout Life, _ event: IncidentEvent, at seconds: Double = 10) throws -> [AuditRecord] {
        let transition = try life.machine.handle(event, life.incident, at: Homelab.at(seconds))
        life.incident = transition.incident
        return transition.audit
    }

    private func record(_ event: AuditRecord.Event, by actor: AuditActor, at seconds: Double = 10) -> AuditRecord {
        var record = AuditRecord(event, by: actor, at: Homelab.at(seconds))
        record.incident = Homelab.id(1)
        record.host = .local
        record.target = Homelab.web
        return record
    }

    private func step(_ event: AuditRecord.Event, by actor: AuditActor, at seconds: Double = 10) -> AuditRecord {
        var record = record(event, by: actor, at: seconds)
        record.intent = Homelab.id(7)
        record.action = .containerStart
        record.step = 1
        record.command = "'docker' 'start' 'web'"
        return record
    }

    /// Every row of the table of events: runs and decisions leave one record, everything else none.
    @Test(arguments: IncidentMachineTests.rows)
    func `each event leaves exactly its record`(_ row: IncidentMachineTests.Row) throws {
        var life = Life(rules: try Homelab.rules(autonomy: row.autonomy))
        try row.given(&life)
        let event = row.event(life.incident)
        guard row.expected != nil else { return }
        let expected: [AuditRecord.Event] =
            switch event {
            case .intended: [.intent]
            case .received: [.receipt]
            case .confirmed: [.confirmation]
            case .decided: [.decision]
            default: []
            }
        #expect(try audited(&life, event, at: row.at).map(\.event) == expected)
    }

    @Test func `a step that policy lets run says why, what and how it ended`() throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toAct(&life)
        let plan = try #require(life.incident.plan)
        var intent = step(.intent, by: .jarvis)
        intent.commandClass = .bounded
        intent.pattern = "container-down"
        intent.why = plan.reason
        intent.plan = Life.hash(life.incident)
        #expect(try audited(&life, .intended(Life.intent(for: life.incident))) == [intent])
        var receipt = step(.receipt, by: .jarvis, at: 12)
        receipt.ending = "exited"
        receipt.exitStatus = 3
        receipt.milliseconds = 1_235
        receipt.errorDigest = "digest of no such container"
        let came = Receipt(ending: .exited(status: 3), standardError: "no such container", seconds: 1.2346)
        #expect(try audited(&life, .received(Homelab.id(7), came), at: 12) == [receipt])
    }

    @Test func `a step that a person approved says who did`() throws {
        var life = Life(rules: try Homelab.rules(autonomy: .approve))
        try Life.toApproval(&life)
        let plan = try #require(life.incident.plan)
        var decision = record(.decision, by: .person("ada"))
        decision.commandClass = .bounded
        decision.pattern = "container-down"
        decision.why = plan.reason
        decision.plan = Life.hash(life.incident)
        decision.decision = .approved
        let event = IncidentEvent.decided(.approved, planHash: Life.hash(life.incident), by: "ada")
        #expect(try audited(&life, event) == [decision])
        #expect(try audited(&life, .intended(Life.intent(for: life.incident))).map(\.actor) == [.person("ada")])
        #expect(try audited(&life, .received(Homelab.id(7), Life.ok)).map(\.actor) == [.person("ada")])
    }

    @Test func `a plan that is made anew does not run on the word for an earlier one`() throws {
        var life = Life(rules: try Homelab.rules(autonomy: .approve))
        try Life.toApproval(&life)
        try life.apply(.decided(.approved, planHash: Life.hash(life.incident), by: "ada"))
        try life.apply(.intended(Life.intent(for: life.incident)))
        try life.apply(.received(Homelab.id(7), Receipt(ending: .notStarted(reason: "no route"))))
        life = Life(rules: try Homelab.rules(), incident: life.incident)
        try life.apply(.diagnosed(Homelab.down, TrackRecord()))
        let records = try audited(&life, .intended(Life.intent(for: life.incident, number: 8)))
        #expect(records.map(\.actor) == [.jarvis])
    }

    @Test func `an approval of before there was an audit log is still a person's`() throws {
        var life = Life(rules: try Homelab.rules(autonomy: .approve))
        try Life.toApproval(&life)
        try life.apply(.decided(.approved, planHash: Life.hash(life.incident), by: "ada"))
        life.incident.approvedBy = nil
        #expect(try audited(&life, .intended(Life.intent(for: life.incident))).map(\.actor) == [.person(nil)])
    }

    @Test(arguments: [
        (Receipt.Ending.notStarted(reason: "no route"), "notStarted", "no route" as String?),
        (.unknown(reason: "lost"), "unknown", "lost"), (.timedOut, "timedOut", nil),
    ])
    func `a step that did not end by itself says how it ended`(
        _ ending: Receipt.Ending, _ name: String, _ why: String?
    ) throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toRun(&life)
        let came = Receipt(ending: ending, standardOutput: "half", seconds: .infinity)
        var expected = step(.receipt, by: .jarvis)
        expected.ending = name
        expected.why = why
        expected.outputDigest = "digest of half"
        #expect(try audited(&life, .received(Homelab.id(7), came)) == [expected])
    }
}
