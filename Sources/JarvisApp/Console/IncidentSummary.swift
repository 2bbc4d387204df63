// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
package import JarvisHTTP

/// An incident in a few lines for a person, with everything needed to decide about its plan.
package enum IncidentSummary {
    /// The lines.
    package static func lines(_ incident: IncidentView) -> [String] {
        var lines = ["incident  \(incident.id)", "alert     \(UntrustedText(incident.title).display(limit: 120))"]
        lines.append("target    \(incident.target?.description ?? "not known")")
        lines.append("phase     \(incident.phase)")
        if let closing = incident.closing {
            lines.append(
                "outcome   \(closing.outcome.rawValue), verdict \(closing.verdict?.rawValue ?? "none"): \(closing.reason)"
            )
        }
        lines += (incident.withdrawn ?? []).map { withdrawal in
            "relapsed  \(RFC3339.format(withdrawal.at)), it had ended as fixed at \(RFC3339.format(withdrawal.endedAt)): \(withdrawal.reason)"
        }
        lines += incident.silences.map(line)
        if let plan = incident.plan {
            lines.append(
                "plan      pattern \(plan.pattern), class \(plan.commandClass.rawValue), confidence \(plan.confidence)")
            lines += plan.steps.enumerated().map { "          step \($0 + 1): \($1)" }
            lines += (plan.reverts ?? []).map {
                "undone by \($0), run by the host itself unless the change is proven in time"
            }
            lines += (plan.undos ?? []).map { "undo      \($0), should the step make things worse" }
            lines.append("why       \(plan.reason)")
            if let expiry = plan.expiresAt {
                lines.append("decide    jarvis approve \(incident.id)   (until \(RFC3339.format(expiry)))")
            }
        }
        return lines + [""]
    }

    private static func line(_ silence: SilenceView) -> String {
        let alert = silence.labels.alertName?.display(limit: 60) ?? "(no alertname)"
        let note = silence.note.map { ": \(UntrustedText($0).display(limit: 300))" } ?? ""
        let until = silence.state == .over ? "" : " until \(RFC3339.format(silence.until))"
        return
            "silence   \(silence.state.rawValue)\(until) of \(alert), by \(UntrustedText(silence.by).display(limit: 60))\(note)"
    }
}
