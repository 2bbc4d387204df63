// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import FoundationEssentials

/// The unit of work: one cause and all alerts explained by it.
package struct Incident: Sendable, Codable, Equatable {
    /// An alert of this incident, as last reported.
    package struct Member: Sendable, Codable, Equatable {
        /// The newest report.
        package var alert: Alert

        /// Adds an alert.
        package init(alert: Alert) { self.alert = alert }
    }

    /// How far the confirmation of a step under a timed revert has come.
    package enum Confirmation: String, Sendable, Codable {
        /// It is being sent; the host may have it.
        case sent
        /// The host has it: the change stays.
        case kept
    }

    /// A step that was begun.
    package struct Attempt: Sendable, Codable, Equatable {
        /// The record made before it ran.
        package let intent: Intent
        /// What came back; nil while it runs.
        package var receipt: Receipt?
        /// Whether the host was told not to take it back; nil: it was not.
        package var confirmation: Confirmation?

        /// Records the beginning of a step.
        package init(intent: Intent, receipt: Receipt? = nil, confirmation: Confirmation? = nil) {
            self.intent = intent
            self.receipt = receipt
            self.confirmation = confirmation
        }
    }

    /// Its identity.
    package let id: IncidentID
    /// Increased by one with every committed change; the store refuses a change made to an older one.
    package var version: Int
    /// When it was opened.
    package let openedAt: Date
    /// The alerts it explains; the first one opened it.
    package var members: [Member]
    /// Alerts that belong to it and are not followed one by one, because there are too many.
    package var omittedMembers: Int
    /// What it is about; nil when no target could be told from the labels.
    package var target: Target?
    /// Where it is in its life.
    package var phase: Phase
    /// The plan being prepared, asked about or carried out.
    package var plan: Plan?
    /// Every step that was begun, oldest first.
    package var attempts: [Attempt]
    /// Signals measured before the first change.
    package var baseline: [Signal]
    /// Intervals of the sources of evidence, as last seen.
    package var timing: ObservationTiming
    /// How often it went back to looking for a cause.
    package var diagnoses: Int
    /// When a person was last told about its first alert, by an earlier incident; nil: never.
    package let lastEscalation: Date?
    /// Until when the person's approval of its plan holds for a step that has not begun; nil: it needed none.
    package var approvedUntil: Date?
    /// Who approved its plan; nil: nobody did, or it was not recorded.
    package var approvedBy: String?
    /// Why the step it stands at does not begin yet, as last noted; nil: nothing keeps it.
    package var restrainedBy: String?
    /// Since when something on the host that it would disturb keeps it; nil: nothing has.
    package var occupiedSince: Date?
    /// What was asked of Alertmanager for its alerts, oldest first; a place in it never changes.
    package var silences: [Silence] {
        get { silenced ?? [] }
        set { silenced = newValue.isEmpty ? nil : newValue }
    }
    /// Absent in what earlier versions stored.
    private var silenced: [Silence]?
    /// The ending as `fixed` that is in doubt since its alert fires again; nil: none.
    package var doubted: Withdrawal?
    /// Its endings that did not hold, oldest first; only the newest ones.
    package var withdrawals: [Withdrawal] {
        get { withdrawn ?? [] }
        set { withdrawn = newValue.isEmpty ? nil : newValue }
    }
    /// Absent in what earlier versions stored.
    private var withdrawn: [Withdrawal]?

    /// Opens an incident for its first alert.
    package init(id: IncidentID, openedAt: Date, alert: Alert, target: Target?, lastEscalation: Date? = nil) {
        self.id = id
        version = 0
        self.openedAt = openedAt
        members = [Member(alert: alert)]
        omittedMembers = 0
        self.target = target
        phase = .diagnosing
        plan = nil
        attempts = []
        baseline = []
        timing = ObservationTiming()
        diagnoses = 0
        self.lastEscalation = lastEscalation
    }

    /// The name it is listed under: that of its first alert.
    package var title: String { members.first?.alert.displayName ?? "(no alert)" }

    /// When a person was last told about its first alert, this incident included.
    package var newestEscalation: Date? {
        if case .closed(let closing) = phase, closing.outcome == .escalated { closing.at } else { lastEscalation }
    }

    /// Whether at least one of its alerts is still reported as firing.
    package var isFiring: Bool { members.contains { $0.alert.state == .firing } }

    /// Whether it ended after a change that did not repair it; what breakers and quarantine count.
    package var isFailedRepair: Bool {
        // A plan that only looks repairs nothing, so it does not fail to.
        guard hasActed, plan?.commandClass != .observe, case .closed(let closing) = phase else { return false }
        switch closing.outcome {
        case .escalated, .suppressed, .undone: return true
        case .fixed, .selfResolved, .recoveredUnproven, .handedOver: return false
        }
    }

    /// Whether anything has been or may have been changed because of it; a step that certainly never began has not.
    package var hasActed: Bool {
        attempts.contains { attempt in
            if case .notStarted? = attempt.receipt?.ending { false } else { true }
        }
    }
}
