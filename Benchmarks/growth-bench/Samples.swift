// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Alerts, deliveries and incidents as a homelab has them, told apart by a number.
enum Samples {
    static let start = Date(timeIntervalSince1970: 1_750_000_000)

    static func id<Subject>(_ number: Int) -> Identifier<Subject> {
        // Spread as real ones are within their millisecond.
        let mixed = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<10).map { UInt8(truncatingIfNeeded: mixed >> UInt64($0 * 6)) }
        return Identifier(UUIDv7(at: start + Double(number) * 0.01, random: bytes))
    }

    static func alert(_ number: Int) -> Alert {
        Alert(
            labels: LabelSet([
                "alertname": "ContainerDown", "instance": "10.0.\(number / 250 % 250).\(number % 250):9100",
                "name": "service-\(number)", "severity": "warning", "job": "cadvisor", "cluster": "home",
            ]),
            annotations: [
                "summary": UntrustedText("Container service-\(number) is down"),
                "description": UntrustedText("The container has not been seen for more than a minute."),
            ], state: .firing, startsAt: start + Double(number) * 0.01)
    }

    static func delivery(_ number: Int) -> Delivery {
        Delivery(
            id: id(number), receivedAt: start + Double(number) * 0.01, source: .alertmanager, alerts: [alert(number)])
    }

    /// An incident about four alerts; most have ended.
    static func change(_ number: Int, isOpen: Bool) -> StoreChange {
        let first = number * 4
        var incident = Incident(
            id: id(number), openedAt: start + Double(number) * 0.04, alert: alert(first),
            target: Target(host: .local, kind: .container, name: "service-\(first)"))
        incident.version = 1
        for other in 1..<4 { incident.members.append(.init(alert: alert(first + other))) }
        if !isOpen {
            incident.phase = .closed(
                Closing(
                    outcome: .fixed, verdict: .verified, reason: "two kinds of signal were good over the whole window",
                    at: incident.openedAt + 90))
        }
        var change = StoreChange(incident: incident)
        change.alerts = (0..<4).map {
            AlertUpdate(
                AlertRecord(
                    alert: alert(first + $0), incident: incident.id, writtenAt: incident.openedAt, report: Int64(number)
                ),
                replacing: nil)
        }
        change.entries = (0..<6).map {
            TimelineEntry(
                at: incident.openedAt + Double($0), phase: "verifying", what: "line \($0)",
                detail: "the container runs, its probe answers, the rule is inactive")
        }
        return change
    }
}
