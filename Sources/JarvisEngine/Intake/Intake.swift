// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Decides what one reported alert means for the incidents.
package enum Intake {
    /// Which incident an alert belongs to.
    package enum Placement: Sendable, Equatable {
        /// Nothing new: nothing is written.
        case repeated
        /// Only what is known of the alert changes.
        case recordOnly
        /// It concerns this incident.
        case attach(IncidentID)
        /// It casts doubt on this one, which ended as fixed.
        case relapse(IncidentID)
        /// It is the first sign of a new problem about this target (nil: unknown).
        case open(Target?)
    }

    /// How the incident stands that an alert was attached to last.
    package enum Previous: Sendable, Equatable {
        /// It has not ended.
        case isOpen
        /// It ended as fixed lately, by a plan for this alert; `isSettled`: so long ago that the alert's end would have been
        /// told by now.
        case mayRelapse(isSettled: Bool)
        /// It ended in another way or long ago, or there is none.
        case isOver
    }

    /// Places an alert.
    ///
    /// The same fingerprint and `startsAt` never opens a second incident; `resolved` never opens one at all. Deliveries
    /// may be taken in in another order than they were accepted in: a report of an earlier occurrence than the one that
    /// is known changes nothing, and neither does an older report of the same one, by `AlertRecord.report`.
    ///
    /// - Parameters:
    ///   - report: its place in the order of reports, see `AlertRecord.report`.
    ///   - record: what is known of the alert.
    ///   - previous: how the incident stands that it was attached to.
    ///   - sameTarget: the open incident about `target`, or about that of `previous` where the labels tell none.
    package static func place(
        _ alert: Alert, report: Int64, record: AlertRecord?, previous: Previous, target: Target?,
        sameTarget: IncidentID?
    ) -> Placement {
        if let record {
            if alert.startsAt < record.alert.startsAt { return .repeated }
            let isSameOccurrence = alert.startsAt == record.alert.startsAt
            // Not across occurrences: a second sender may tell late of the end of one before this.
            if isSameOccurrence, report < record.report { return .repeated }
            if isSameOccurrence, alert.state == record.alert.state {
                // It never ended for who sends it.
                if alert.state == .firing, report > record.report, previous == .mayRelapse(isSettled: true),
                    let incident = record.incident
                {
                    return sameTarget.map { .attach($0) } ?? .relapse(incident)
                }
                // Kept, so that an older report that contradicts it is known for one when it is taken in.
                return report == record.report ? .repeated : .recordOnly
            }
            if let incident = record.incident {
                switch previous {
                case .isOpen: return .attach(incident)
                // Also within one occurrence: Alertmanager takes alerts for resolved when their source is away.
                case .mayRelapse where alert.state == .firing:
                    return sameTarget.map { .attach($0) } ?? .relapse(incident)
                case .mayRelapse, .isOver: break
                }
            }
            if isSameOccurrence, record.incident != nil { return .recordOnly }
        }
        guard alert.state == .firing else { return .recordOnly }
        if let sameTarget { return .attach(sameTarget) }
        return .open(target)
    }

    /// The alerts of one delivery without those that a later one with the same labels contradicts, in their order.
    ///
    /// No known sender sends such; taking in both again after a crash would turn their order round.
    package static func newest(_ alerts: [Alert]) -> [Alert] {
        var seen: Set<LabelSet> = []
        return alerts.reversed().filter { seen.insert($0.labels).inserted }.reversed()
    }

    /// The alert as one of the occurrence that is known, where it is a newer report of it that names an earlier start.
    ///
    /// Alertmanager joins what several Prometheus servers report of one occurrence and takes the earliest start, which
    /// may come second. The start that is known stands, so that the same occurrence keeps one name.
    package static func continuing(_ alert: Alert, report: Int64, record: AlertRecord?) -> Alert {
        guard let record, alert.startsAt < record.alert.startsAt, report > record.report,
            alert.state == .firing || (alert.endsAt ?? .distantPast) >= record.alert.startsAt
        else { return alert }
        return Alert(
            labels: alert.labels, annotations: alert.annotations, state: alert.state, startsAt: record.alert.startsAt,
            endsAt: alert.endsAt, generatorURL: alert.generatorURL)
    }

    /// The first pattern that knows the alert, and the target under it where one can be told.
    package static func recognise(_ labels: LabelSet, rules: EngineRules) -> (pattern: Pattern, target: Target?)? {
        guard let pattern = rules.patterns.first(where: { $0.matcher.matches(labels) }) else { return nil }
        return (pattern, try? TargetResolution.target(of: labels, under: pattern, in: rules.inventory))
    }
}
