// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Whether taking a step back is covered by what allowed the plan.
package enum UndoCoverage {
    /// Why a command that takes a step back needs a person's word; nil: it does not.
    ///
    /// A person who asked for the undo gave it. A person who approved the plan saw what would take each step back, up to
    /// that class. Else the owner must have let plans of the undo's own class run by themselves.
    package static func obstacle(
        _ undo: JudgedStep, of step: Int, _ undoing: Undoing, _ incident: Incident, under rules: EngineRules,
        _ decisions: [AutonomyPolicy.Rule]
    ) -> String? {
        if case .asked = undoing.cause { return nil }
        guard let plan = incident.plan, plan.steps.indices.contains(step) else {
            return "its plan is not known any more"
        }
        if incident.approvedBy != nil, let planned = plan.steps[step].undo, undo.commandClass <= planned.commandClass {
            return nil
        }
        let level = Planner.level(of: undo.commandClass, for: plan, under: rules.under(decisions))
        guard level != .auto else { return nil }
        return "'\(undo.canonical)' is \(undo.commandClass.rawValue) and needs a person: jarvis undo \(incident.id)"
    }
}
