// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// The product's own metrics, with the names of `docs/METRICS.md`.
package struct RuntimeMetrics: Sendable {
    private let registry: MetricsRegistry
    private let knownAlertNames: Set<String>

    /// Declares every family.
    ///
    /// - Parameter knownAlertNames: the values that the label `alert_name` may take; every other name becomes `other`.
    package init(registry: MetricsRegistry, knownAlertNames: Set<String>) {
        self.registry = registry
        self.knownAlertNames = knownAlertNames
        registry.declare(
            .counter, "jarvis_remediation_total", help: "Ended incidents by alert name and status.",
            labels: ["alert_name", "status"])
        registry.declare(
            .histogram([5, 10, 30, 60, 120, 300, 600]), "jarvis_remediation_duration_seconds",
            help: "From the first alert's startsAt to the end of the incident.", labels: ["alert_name"])
        registry.declare(
            .counter, "jarvis_pattern_matches_total", help: "Alerts that a pattern knew or did not.", labels: ["result"]
        )
        registry.declare(
            .counter, "jarvis_incidents_closed_total", help: "Ended incidents by outcome.", labels: ["outcome"])
        registry.declare(.counter, "jarvis_incidents_opened_total", help: "Incidents opened.")
        registry.declare(
            .counter, "jarvis_verdicts_withdrawn_total",
            help: "Endings as fixed that were withdrawn because the alert came back, by pattern.",
            labels: ["pattern"])
        registry.declare(.gauge, "jarvis_active_remediations", help: "Incidents that have not ended.")
        registry.declare(
            .counter, "jarvis_steps_total", help: "Steps that were begun, by how they ended.", labels: ["ending"])
        registry.declare(
            .counter, "jarvis_steps_restrained_total", help: "Times a step was kept from beginning, by what kept it.",
            labels: ["by"])
        registry.declare(
            .counter, "jarvis_timed_reverts_total",
            help: "Timed reverts that hosts were asked to hold, by what became of them.", labels: ["event"])
        registry.declare(
            .counter, "jarvis_undone_steps_total",
            help: "Steps that were to be taken back, by what became of that.", labels: ["ending"])
        registry.declare(
            .counter, "jarvis_snapshots_total",
            help: "Captures of targets before a step, by whether they could be read.",
            labels: ["result"])
        registry.declare(
            .counter, "jarvis_api_changes_total", help: "Changes asked of services' APIs, by how they ended.",
            labels: ["change", "ending"])
        registry.declare(
            .counter, "jarvis_jobs_failed_total", help: "Jobs that failed and are tried again or given up.",
            labels: ["kind"])
        for outcome in Outcome.allCases { registry.add(0, to: "jarvis_incidents_closed_total", [outcome.rawValue]) }
    }

    func stepRestrained(_ restraint: Restraint) {
        registry.add(1, to: "jarvis_steps_restrained_total", [restraint.label])
    }

    func silenceElsewhere() { registry.add(1, to: "jarvis_steps_restrained_total", ["elsewhere"]) }

    func opened(patternKnown: Bool) {
        registry.add(1, to: "jarvis_incidents_opened_total")
        registry.add(1, to: "jarvis_active_remediations")
        registry.add(1, to: "jarvis_pattern_matches_total", [patternKnown ? "hit" : "miss"])
    }

    func withdrawn(_ withdrawal: Withdrawal) {
        registry.add(1, to: "jarvis_verdicts_withdrawn_total", [withdrawal.pattern ?? "none"])
    }

    func closedAgain() { registry.add(-1, to: "jarvis_active_remediations") }

    func reopened() { registry.add(1, to: "jarvis_active_remediations") }

    func ended(_ incident: Incident, _ closing: Closing) {
        let title = incident.members.first?.alert.labels.alertName?.verbatim ?? ""
        let name = knownAlertNames.contains(title) ? title : "other"
        registry.add(1, to: "jarvis_incidents_closed_total", [closing.outcome.rawValue])
        registry.add(1, to: "jarvis_remediation_total", [name, closing.outcome.remediationStatus])
        registry.add(-1, to: "jarvis_active_remediations")
        if let began = incident.members.first?.alert.startsAt {
            registry.observe(
                max(0, closing.at.timeIntervalSince(began)), in: "jarvis_remediation_duration_seconds", [name])
        }
    }

    func stepEnded(_ receipt: Receipt) {
        let ending =
            switch receipt.ending {
            case .exited(0): "exited_zero"
            case .exited: "exited_nonzero"
            case .notStarted: "not_started"
            case .timedOut: "timed_out"
            case .unknown: "unknown"
            }
        registry.add(1, to: "jarvis_steps_total", [ending])
    }

    func callEnded(_ change: APIIntent.Change, _ receipt: APIReceipt) {
        registry.add(1, to: "jarvis_api_changes_total", [change.rawValue, receipt.label])
    }

    func undone(_ result: Undoing.Result) {
        registry.add(1, to: "jarvis_undone_steps_total", [result.ending.label])
    }

    func captured(_ isRead: Bool) { registry.add(1, to: "jarvis_snapshots_total", [isRead ? "taken" : "failed"]) }

    func revertEnded(_ event: String) { registry.add(1, to: "jarvis_timed_reverts_total", [event]) }

    /// Counts a failed job.
    package func jobFailed(kind: String) { registry.add(1, to: "jarvis_jobs_failed_total", [kind]) }
}

extension Undoing.Ending {
    /// Its name in metrics.
    fileprivate var label: String {
        switch self {
        case .restored: "restored"
        case .alreadyThere: "already_there"
        case .nothingToRestore: "nothing_to_restore"
        case .refused: "refused"
        case .notRestored: "not_restored"
        }
    }
}

extension Outcome {
    /// The status that `jarvis_remediation_total` knows for it.
    var remediationStatus: String {
        switch self {
        case .fixed: "success"
        case .undone: "failure"
        case .escalated, .handedOver: "escalated"
        case .selfResolved, .recoveredUnproven, .suppressed: "skipped"
        }
    }
}
