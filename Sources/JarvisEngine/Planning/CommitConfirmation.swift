// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Puts a step that may cut Jarvis off under a timed revert, where its host has a guard that can hold one.
package enum CommitConfirmation {
    /// Seconds beyond the step and its verification until the host takes the step back.
    static let margin = 60

    /// A step with the command that takes it back.
    package struct Covered: Sendable, Equatable {
        /// What runs, once the revert is armed.
        package let step: JudgedStep
        /// What the host runs on its own; nil: it does not.
        package let revert: JudgedCommand?
    }

    /// The only step of a plan as it is judged on this host, given what was measured of its target last.
    ///
    /// Without a guard nothing changes: the step keeps its class, and nobody takes it back.
    package static func cover(_ step: JudgedStep, of action: Action, on host: Host, signals: [Signal], _ policy: Policy)
        -> Covered
    {
        guard host.isGuarded, case .command(let command) = step,
            let confirmed = policy.commitConfirmed(command, link: link(of: command, action, signals))
        else { return Covered(step: step, revert: nil) }
        return Covered(step: .command(confirmed.change), revert: confirmed.revert)
    }

    /// How the link is by the probe of the unit that makes it, where that is what the command changes.
    private static func link(of command: JudgedCommand, _ action: Action, _ signals: [Signal]) -> LinkState {
        guard action.target.kind == .unit, command.effects.count == 1, let effect = command.effects.first,
            unit(of: effect) == action.target.name,
            let state = signals.first(where: { $0.kind == .target }),
            state.source == TargetProbe.source(action.target)
        else { return .unknown }
        return switch state.reading {
        case .good: .up
        case .badForGood: .down
        case .bad, .unknown: .unknown
        }
    }

    /// The unit whose state says how the link is that an effect changes; nil: there is none.
    private static func unit(of effect: Effect) -> String? {
        switch effect.kind {
        case .unit: (try? UnitName(effect.name)) == nil ? "\(effect.name).service" : effect.name
        case .interface: "wg-quick@\(effect.name).service"
        default: nil
        }
    }

    /// Seconds that the host waits for the confirmation of a step, given how long its verification may take.
    package static func seconds(step deadline: Int, verification: Double) -> Int {
        min(3600, deadline + Int(verification.rounded(.up)) + margin)
    }
}
