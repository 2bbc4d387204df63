// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// What a transaction asks before it writes an intent.
package enum RestraintCheck {
    /// Throws `restrained` when one of these holds keeps the intent back.
    ///
    /// A pause says "wait" and comes before a dry run, which ends the incident.
    package static func check(_ intent: Intent, holds: [Hold]) throws(StoreError) {
        let applying = holds.filter { $0.applies(to: intent.action.target.host, at: intent.recordedAt) }
        if let hold = applying.first(where: { $0.mode == .pause }) ?? applying.first {
            throw .restrained(.held(hold))
        }
    }

    /// Throws `restrained` when one of these holds keeps a change of a service's API back: one for everywhere.
    package static func check(_ intent: APIIntent, holds: [Hold]) throws(StoreError) {
        guard intent.change.waitsForHolds else { return }
        let applying = holds.filter { $0.host == nil && ($0.until.map { intent.recordedAt < $0 } ?? true) }
        if let hold = applying.first(where: { $0.mode == .pause }) ?? applying.first {
            throw .restrained(.held(hold))
        }
    }

    /// Throws `restrained` when so many steps leave no room for another one.
    package static func check(_ intent: Intent, limits: BlastRadius, counts: StepCounts) throws(StoreError) {
        if let restraint = limits.restraint(on: intent.action.target, counts) { throw .restrained(restraint) }
    }

    /// Since when steps count for an intent.
    package static func since(_ intent: Intent) -> Date { intent.recordedAt.addingTimeInterval(-BlastRadius.window) }
}
