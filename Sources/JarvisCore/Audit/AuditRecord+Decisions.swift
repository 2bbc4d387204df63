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

    /// A store that is put back to a backup of `backup`, when the log held `records`.
    package static func restoring(
        _ backup: Date, records: Int64, by person: String, at time: Date
    ) -> AuditRecord {
        var record = AuditRecord(.restore, by: .person(person), at: time)
        record.why =
            "put back to the backup of \(RFC3339.format(backup)): what was recorded after record \(records) is not here"
        return record
    }

    /// A job that was given up and is tried again.
    package static func retrying(
        _ job: Int64, kind: String, reason: String, by person: String, at time: Date
    ) -> AuditRecord {
        about(job, .retry, kind, reason, person, time)
    }

    /// A job that was given up and is dropped.
    package static func dropping(
        _ job: Int64, kind: String, reason: String, by person: String, at time: Date
    ) -> AuditRecord {
        about(job, .drop, kind, reason, person, time)
    }

    private static func about(
        _ job: Int64, _ event: Event, _ kind: String, _ reason: String, _ person: String, _ time: Date
    ) -> AuditRecord {
        var record = AuditRecord(event, by: .person(person), at: time)
        record.job = job
        record.why = "\(kind), given up: \(UntrustedText(reason).display(limit: 500))"
        return record
    }
}
