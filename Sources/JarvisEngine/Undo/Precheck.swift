// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// The last look before a step begins: what was captured against what the plan was made for.
package enum Precheck {
    /// What has changed since, as a sentence; nil: nothing that matters.
    package static func change(since baseline: [Signal], _ captured: CapturedState, of target: Target) -> String? {
        guard let planned = baseline.first(where: { $0.kind == .target && $0.source == TargetProbe.source(target) })
        else { return nil }
        if let before = planned.identity, let now = captured.fields[.identity], before != now {
            return "\(target) is another container than when the plan was made"
        }
        let runs = captured.fields[.running] ?? captured.fields[.active]
        if planned.reading == .badForGood, runs == "true", captured.fields[.paused] != "true" {
            return "\(target) runs again since the plan was made"
        }
        // Perhaps on purpose: it is looked for signs of that anew.
        if planned.reading == .bad || planned.reading == .good, captured.fields[.running] == "false" {
            return "\(target) does not run any more since the plan was made"
        }
        return nil
    }

    /// The same between two looks.
    static func change(of target: Target, from earlier: [Signal], to later: [Signal]) -> String? {
        func identity(_ signals: [Signal]) -> String? {
            signals.first { $0.kind == .target && $0.source == TargetProbe.source(target) }?.identity
        }
        guard let before = identity(earlier), let now = identity(later), before != now else { return nil }
        return "\(target) is another container than when the plan was made"
    }
}
