// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Small things to store, told apart by a number.
package enum StoreSamples {
    /// The moment the samples live at.
    package static let start = Date(timeIntervalSince1970: 1_700_000_000)

    /// An identifier that is the same for the same number and later for a higher one.
    package static func id<Subject>(_ number: Int) -> Identifier<Subject> {
        let bytes = (0..<10).map { $0 < 2 ? 0 : UInt8(truncatingIfNeeded: number >> ((9 - $0) * 8)) }
        return Identifier(UUIDv7(at: start + Double(number), random: bytes))
    }

    /// The id of a sample incident.
    package static func incidentID(_ number: Int) -> IncidentID { id(number) }

    /// A firing alert with labels of its own.
    package static func alert(_ number: Int, severity: String = "warning") -> Alert {
        Alert(
            labels: LabelSet([
                "alertname": "Sample", "number": "\(number)", "severity": severity, "odd": "\u{0}'\"\\é\u{301}\u{202E}",
            ]),
            annotations: ["summary": UntrustedText("number \(number)")], state: .firing, startsAt: start - 0.123_456_789
        )
    }

    /// What is known of an alert that no incident is about.
    package static func record(_ number: Int, report: Int64 = 1) -> AlertRecord {
        AlertRecord(alert: alert(number), incident: nil, writtenAt: start, report: report)
    }

    /// A delivery of one alert and some that could not be understood.
    package static func delivery(_ number: Int, severity: String = "warning", rejected: Int = 0) -> Delivery {
        Delivery(
            id: id(number), receivedAt: start - 0.987_654_321, source: .alertmanager,
            alerts: [alert(number, severity: severity)],
            rejected: (0..<rejected).map {
                Delivery.Rejected(index: $0 + 1, reason: "no labels", raw: UntrustedText("{\"\u{0}\":\($0)}"))
            })
    }

    /// The container most samples are about.
    package static func target() -> Target { Target(host: .local, kind: .container, name: "web/1'%") }

    /// A new incident at version 1, about `target()` unless told otherwise.
    package static func incident(_ number: Int, target: Target? = target()) -> Incident {
        var incident = Incident(
            id: incidentID(number), openedAt: start + Double(number), alert: alert(number), target: target)
        incident.version = 1
        incident.baseline = [
            Signal(kind: .metrics, source: "s", reading: .bad, detail: "d", observedAt: start + 0.1)
        ]
        incident.timing = ObservationTiming(scrapeInterval: .infinity)
        return incident
    }

    /// An ending.
    package static let closing = Closing(outcome: .fixed, verdict: .verified, reason: "because", at: start + 99)

    /// A line of history.
    package static func entry(_ what: String) -> TimelineEntry {
        TimelineEntry(at: start, phase: "diagnosing", what: what, detail: "d")
    }

    /// A record of the audit log, with text that needs escapes.
    package static func auditRecord(_ number: Int, _ event: AuditRecord.Event = .intent) -> AuditRecord {
        var record = AuditRecord(event, by: .person("ada"), at: start + Double(number))
        record.target = target()
        record.command = "number \(number)"
        record.why = "odd: \u{0}'\"\\é\u{301}\u{202E}\u{FFFD}\n"
        return record
    }

    /// A snapshot of before that intent.
    package static func snapshot(_ number: Int) -> SealedSnapshot {
        SealedSnapshot(
            intent: id(number), incident: incidentID(1), target: target(), takenAt: start + Double(number),
            sealed: Data([0, 1, 254, 255, UInt8(truncatingIfNeeded: number)]))
    }

    /// An intent of incident 1.
    package static func intent(_ number: Int) -> Intent {
        Intent(
            id: id(number), incident: incidentID(1), step: 0, action: Action(.containerRestart, on: target()),
            canonical: "docker restart web", fencingToken: 7, recordedAt: start + Double(number),
            remoteDeadlineSeconds: 30)
    }
}
