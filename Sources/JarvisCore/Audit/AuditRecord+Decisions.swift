// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What persons decide beside incidents; every store writes these records, in the transaction of the decision.
extension AuditRecord {
    /// A hold that is placed.
    package static func placing(_ hold: Hold) -> AuditRecord {
        var record = AuditRecord(.hold, by: .person(hold.by), at: hold.since)
        record.mode = hold.mode
        record.host = hold.host
        record.until = hold.until.map(RFC3339.format)
        record.why = hold.reason.isEmpty ? nil : hold.reason
        return record
    }

    /// A hold that is lifted.
    package static func lifting(_ mode: Hold.Mode, host: HostName?, by person: String, at time: Date) -> AuditRecord {
        var record = AuditRecord(.lift, by: .person(person), at: time)
        record.mode = mode
        record.host = host
        return record
    }

    /// A decision about autonomy.
    package static func deciding(_ rule: AutonomyPolicy.Rule, by person: String, at time: Date) -> AuditRecord {
        var record = AuditRecord(.autonomy, by: .person(person), at: time)
        record.level = rule.level
        record.commandClass = rule.level == .auto ? rule.maximumClass : nil
        record.host = rule.host
        record.pattern = rule.pattern
        record.target = rule.target
        return record
    }

    /// Decisions about autonomy that are forgotten.
    package static func forgetting(_ count: Int, by person: String, at time: Date) -> AuditRecord {
        var record = AuditRecord(.reset, by: .person(person), at: time)
        record.count = count
        return record
    }
}
