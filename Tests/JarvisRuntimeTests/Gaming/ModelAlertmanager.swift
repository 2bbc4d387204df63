// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// An Alertmanager in small: what it was told, when it tells, and when it takes silence for an end.
struct ModelAlertmanager: Sendable {
    private struct Known: Sendable {
        var startsAt: Double
        var endsAt: Double
        var toldFiring = false
        var toldResolved = true
        var tellAt: Double
        var toldAt = 0.0
    }

    var groupWait = 1.0
    var groupInterval = 5.0
    var repeatInterval = 600.0
    /// Whether Prometheus reaches it.
    var isReached = true
    var isSilenced = false
    private var known: [[String: String]: Known] = [:]

    mutating func isTold(_ labels: [String: String], firingSince: Double, validFor seconds: Double, at now: Double) {
        guard isReached else { return }
        if var alert = known[labels], alert.endsAt > now {
            alert.endsAt = now + seconds
            known[labels] = alert
        } else {
            let toldAt = known[labels]?.toldAt ?? 0
            let wasTold = known[labels].map { $0.toldFiring && !$0.toldResolved } ?? false
            known[labels] = Known(
                startsAt: firingSince, endsAt: now + seconds, toldFiring: wasTold, toldResolved: !wasTold,
                tellAt: max(now + groupWait, toldAt + groupInterval), toldAt: toldAt)
        }
    }

    mutating func isToldOfEnd(_ labels: [String: String], at now: Double) {
        guard isReached, var alert = known[labels], alert.endsAt > now else { return }
        alert.endsAt = now
        alert.tellAt = alert.toldAt + groupInterval
        known[labels] = alert
    }

    /// What it tells now; an alert that it was not told of for too long counts as ended.
    mutating func notifications(at now: Double) -> [Alert] {
        var told: [Alert] = []
        for (labels, alert) in known {
            let isOver = alert.endsAt <= now
            guard now >= max(alert.tellAt, isOver ? alert.endsAt : 0), !isSilenced else { continue }
            // An end and a new beginning between two notifications are nothing new to it; only the repeat tells.
            let isRepeat = !isOver && alert.toldFiring && now >= alert.toldAt + repeatInterval
            guard isOver ? alert.toldFiring && !alert.toldResolved : !alert.toldFiring || isRepeat else { continue }
            known[labels]?.toldAt = now
            known[labels]?.toldFiring = true
            known[labels]?.toldResolved = isOver
            told.append(
                Alert(
                    labels: LabelSet(labels), state: isOver ? .resolved : .firing,
                    startsAt: Date(timeIntervalSince1970: alert.startsAt)))
        }
        return told.sorted {
            "\($0.labels.values.sorted { $0.key < $1.key })" < "\($1.labels.values.sorted { $0.key < $1.key })"
        }
    }
}
