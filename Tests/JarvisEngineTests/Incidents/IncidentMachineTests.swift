// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

/// The machine as a table: what was there, what happened, what is there after it.
@Suite struct IncidentMachineTests {
    typealias Life = IncidentLife

    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        let autonomy: Autonomy
        let given: @Sendable (inout Life) throws -> Void
        let event: @Sendable (Incident) -> IncidentEvent
        let at: Double
        /// Phase or outcome, what the last entry says, kinds of work that follow; nil: refused.
        let expected: (String, String, [String])?
        var testDescription: String { what }

        init(
            _ what: String, _ autonomy: Autonomy = .auto, given: @escaping @Sendable (inout Life) throws -> Void,
            at: Double = 20, _ event: @escaping @Sendable (Incident) -> IncidentEvent,
            _ expected: (String, String, [String])?
        ) {
            self.what = what
            self.autonomy = autonomy
            self.given = given
            self.event = event
            self.at = at
            self.expected = expected
        }
    }

    static let resolved = Homelab.alert(state: .resolved)
    static let good = Observation(signals: [
        Homelab.signal(.metrics, .good), Homelab.signal(.target, .good, instance: "old"),
    ])
    static let unseen = Observation(signals: [Homelab.signal(.metrics, .bad), Homelab.signal(.target, .unknown)])

    static let rows: [Row] = [
        // Diagnosing.
        Row(
            "a plan that may run", given: { _ in }, { _ in .diagnosed(Homelab.down, TrackRecord()) },
            ("acting", "plan", ["act"])),
        Row(
            "a plan to ask about", .approve, given: { _ in }, { _ in .diagnosed(Homelab.down, TrackRecord()) },
            ("awaitingApproval", "approval needed", ["expireApproval"])),
        Row(
            "a plan to look at only", .observe, given: { _ in }, { _ in .diagnosed(Homelab.down, TrackRecord()) },
            ("escalated", "escalated", [])),
        Row(
            "a target that runs", given: { _ in }, { _ in .diagnosed(good, TrackRecord()) },
            ("verifying", "watching for recovery", ["observe"])),
        Row(
            "a target that can't be seen", given: { _ in }, { _ in .diagnosed(unseen, TrackRecord()) },
            ("diagnosing", "diagnose again", ["diagnose"])),
        Row(
            "a target that can't be seen for the third time",
            given: { life in
                try life.apply(.diagnosed(unseen, TrackRecord()))
                try life.apply(.diagnosed(unseen, TrackRecord()))
            }, { _ in .diagnosed(unseen, TrackRecord()) }, ("escalated", "escalated", [])),
        Row(
            "resolved while diagnosing", given: { _ in }, { _ in .reported(resolved) },
            ("diagnosing", "alert resolved", [])),
        Row(
            "resolved and good", given: { try $0.apply(.reported(resolved)) }, { _ in .diagnosed(good, TrackRecord()) },
            ("verifying", "watching for recovery", ["observe"])),
        Row(
            "resolved, nothing measured", given: { try $0.apply(.reported(resolved)) },
            { _ in .diagnosed(Observation(signals: []), TrackRecord()) },
            ("verifying", "watching for recovery", ["observe"])),
        Row(
            "resolved while measured bad", given: { try $0.apply(.reported(resolved)) },
            { _ in .diagnosed(Homelab.down, TrackRecord()) }, ("acting", "plan", ["act"])),
        Row(
            "another alert joins", given: { _ in }, { _ in .reported(Homelab.alert("UnitFailed")) },
            ("diagnosing", "alert fires", [])),
        Row(
            "a resolved alert does not join", given: { _ in },
            { _ in .reported(Homelab.alert("UnitFailed", state: .resolved)) }, nil),
        Row("nothing to observe yet", given: { _ in }, { _ in .observed(good, round: 0) }, nil),
        Row("no step to intend yet", given: { _ in }, { .intended(Life.intent(for: $0)) }, nil),
        Row("nothing to decide yet", given: { _ in }, { _ in .decided(.approved, planHash: "", by: "ada") }, nil),
        Row("nothing to refuse yet", given: { _ in }, { _ in .refused(step: 0, reason: "r") }, nil),
        Row("nothing to expire yet", given: { _ in }, { _ in .approvalExpired(planHash: "") }, nil),
        // Waiting for a decision.
        Row(
            "approved", .approve, given: Life.toApproval, { .decided(.approved, planHash: Life.hash($0), by: "ada") },
            ("acting", "approved", ["act"])),
        Row(
            "denied", .approve, given: Life.toApproval, { .decided(.denied, planHash: Life.hash($0), by: "ada") },
            ("handedOver", "handedOver", [])),
        Row(
            "another plan approved", .approve, given: Life.toApproval,
            { _ in .decided(.approved, planHash: "x", by: "ada") }, nil),
        Row(
            "approved too late", .approve, given: Life.toApproval, at: 90_000,
            { .decided(.approved, planHash: Life.hash($0), by: "ada") }, nil),
        Row(
            "approved twice", .approve,
            given: { life in
                try Life.toApproval(&life)
                try life.apply(.decided(.approved, planHash: Life.hash(life.incident), by: "ada"))
            }, { .decided(.approved, planHash: Life.hash($0), by: "eve") }, nil),
        Row(
            "nobody decided", .approve, given: Life.toApproval, at: 90_000,
            { .approvalExpired(planHash: Life.hash($0)) }, ("escalated", "escalated", [])),
        Row(
            "another plan's question ends", .approve, given: Life.toApproval, at: 90_000,
            { _ in .approvalExpired(planHash: "x") }, nil),
        Row(
            "an older question about the same plan ends", .approve, given: Life.toApproval, at: 80_000,
            { .approvalExpired(planHash: Life.hash($0)) }, nil),
        Row(
            "resolved while waiting", .approve, given: Life.toApproval, { _ in .reported(resolved) },
            ("verifying", "watching for recovery", ["observe"])),
        Row("no step before the decision", .approve, given: Life.toApproval, { .intended(Life.intent(for: $0)) }, nil),
        // Acting.
        Row("the intent", given: Life.toAct, { .intended(Life.intent(for: $0)) }, ("acting", "intent", [])),
        Row("an intent for another step", given: Life.toAct, { .intended(Life.intent(for: $0, step: 1)) }, nil),
        Row(
            "an intent for another text", given: Life.toAct,
            { .intended(Life.intent(for: $0, canonical: "'reboot'")) }, nil),
        Row(
            "an intent for another action", given: Life.toAct,
            { .intended(Life.intent(for: $0, action: Action(.containerRestart, on: Homelab.web))) }, nil),
        Row("a second intent", given: Life.toRun, { .intended(Life.intent(for: $0, number: 8)) }, nil),
        Row(
            "refused right before", given: Life.toAct, { _ in .refused(step: 0, reason: "policy changed") },
            ("escalated", "escalated", [])),
        Row("refused for another step", given: Life.toAct, { _ in .refused(step: 1, reason: "r") }, nil),
        Row("refused while it runs", given: Life.toRun, { _ in .refused(step: 0, reason: "r") }, nil),
        Row(
            "resolved right before", given: Life.toAct, { _ in .reported(resolved) },
            ("verifying", "watching for recovery", ["observe"])),
        Row(
            "resolved while it runs", given: Life.toRun, { _ in .reported(resolved) }, ("acting", "alert resolved", [])),
        Row("a receipt without intent", given: Life.toAct, { _ in .received(Homelab.id(7), Life.ok) }, nil),
        Row("somebody else's receipt", given: Life.toRun, { _ in .received(Homelab.id(9), Life.ok) }, nil),
        Row(
            "it ended well", given: Life.toRun, { _ in .received(Homelab.id(7), Life.ok) },
            ("verifying", "verification begins", ["observe"])),
        Row(
            "it ended badly", given: Life.toRun, { _ in .received(Homelab.id(7), Receipt(ending: .exited(status: 1))) },
            ("verifying", "verification begins", ["observe"])),
        Row(
            "the host ended it", given: Life.toRun, { _ in .received(Homelab.id(7), Receipt(ending: .timedOut)) },
            ("verifying", "verification begins", ["observe"])),
        Row(
            "nobody knows", given: Life.toRun,
            { _ in .received(Homelab.id(7), Receipt(ending: .unknown(reason: "lost"))) },
            ("verifying", "verification begins", ["observe"])),
        Row(
            "it never began", given: Life.toRun,
            { _ in .received(Homelab.id(7), Receipt(ending: .notStarted(reason: "no route"))) },
            ("diagnosing", "diagnose again", ["diagnose"])),
        Row(
            "nothing to diagnose while acting", given: Life.toRun, { _ in .diagnosed(Homelab.down, TrackRecord()) }, nil
        ),
        // Verifying.
        Row(
            "the receipt a second time", given: Life.toVerify, { _ in .received(Homelab.id(7), Life.ok) }, nil),
        Row(
            "a look", given: Life.toVerify, { _ in .observed(Life.repaired(20), round: 0) },
            ("verifying", "observed", ["observe"])),
        Row("the same look again", given: Life.toLooked, { _ in .observed(Life.repaired(20), round: 0) }, nil),
        Row("a look from the future", given: Life.toVerify, { _ in .observed(Life.repaired(20), round: 1) }, nil),
        Row(
            "proven", given: Life.toLooked, at: 30, { _ in .observed(Life.repaired(30), round: 1) },
            ("fixed", "fixed", [])),
        Row(
            "resolved while verifying", given: Life.toVerify, { _ in .reported(resolved) },
            ("verifying", "alert resolved", [])),
        Row(
            "nothing to decide while verifying", given: Life.toVerify,
            { .decided(.denied, planHash: Life.hash($0), by: "a") }, nil),
        // Closed.
        Row("nothing more is reported", given: Life.toFixed, at: 40, { _ in .reported(Homelab.alert()) }, nil),
        Row(
            "nothing more is diagnosed", given: Life.toFixed, at: 40, { _ in .diagnosed(Homelab.down, TrackRecord()) },
            nil),
        Row(
            "nothing more is intended", given: Life.toFixed, at: 40, { .intended(Life.intent(for: $0, number: 8)) }, nil
        ),
        Row("nothing more is received", given: Life.toFixed, at: 40, { _ in .received(Homelab.id(7), Life.ok) }, nil),
        Row(
            "nothing more is observed", given: Life.toFixed, at: 40, { _ in .observed(Life.repaired(40), round: 2) },
            nil),
        Row(
            "nothing more is decided", given: Life.toFixed, at: 40,
            { .decided(.approved, planHash: Life.hash($0), by: "a") }, nil),
        Row(
            "nothing more expires", given: Life.toFixed, at: 90_000, { .approvalExpired(planHash: Life.hash($0)) }, nil),
        Row("nothing more is refused", given: Life.toFixed, at: 40, { _ in .refused(step: 0, reason: "r") }, nil),
    ]

    @Test(arguments: rows)
    func `an event leads to a phase, entries and work`(_ row: Row) throws {
        var life = try Life(rules: Homelab.rules(autonomy: row.autonomy))
        try row.given(&life)
        let before = life.incident
        guard let expected = row.expected else {
            #expect(throws: EventRefusal.self) {
                try life.machine.handle(row.event(before), before, at: Homelab.at(row.at))
            }
            return
        }
        let transition = try life.machine.handle(row.event(before), before, at: Homelab.at(row.at))
        #expect(transition.incident.version == before.version + 1)
        #expect(Life.place(transition.incident) == expected.0)
        #expect(transition.entries.last?.what == expected.1)
        #expect(transition.entries.last?.phase == transition.incident.phase.name)
        #expect(transition.jobs.map(\.work.kind) == expected.2)
        #expect(transition.jobs.allSatisfy { $0.dueAt >= Homelab.at(row.at) })
    }
}
