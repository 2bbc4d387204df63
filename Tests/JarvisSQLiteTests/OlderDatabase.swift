// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisStore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

/// A database of an older schema with work in flight, written with the columns that there were.
struct OlderDatabase {
    /// Incidents 1 and on, one in each phase, the closed one last.
    static let incidents: [Incident] = {
        let verification = Verification(
            purpose: .repair, since: StoreSamples.start, deadline: StoreSamples.start + 600, stabilityWindow: 30)
        let approval = Approval(
            planHash: String(repeating: "a", count: 64), requestedAt: StoreSamples.start,
            expiresAt: StoreSamples.start + 3600)
        let phases: [Phase] = [
            .acting(step: 0, intent: StoreSamples.intent(1)), .diagnosing, .awaitingApproval(approval),
            .acting(step: 0, intent: nil), .verifying(verification), .confirming(verification),
            .undoing(
                Undoing(
                    cause: .worsened, verdict: .worsened, reason: "", since: StoreSamples.start,
                    remaining: [StoreSamples.intent(1)])),
            .closed(StoreSamples.closing),
        ]
        return phases.enumerated().map { index, phase in
            var incident = StoreSamples.incident(
                index + 1, target: Target(host: .local, kind: .container, name: "web\(index)"))
            if index == 0 { incident.attempts = [Incident.Attempt(intent: StoreSamples.intent(1))] }
            incident.phase = phase
            return incident
        }
    }()

    /// The job that carries an incident on; nil for a closed one.
    static func work(of incident: Incident) -> JobRequest.Work? {
        switch incident.phase {
        case .diagnosing: .diagnose(incident.id)
        case .awaitingApproval(let approval):
            .expireApproval(incident.id, planHash: approval.planHash, expiresAt: approval.expiresAt)
        case .acting: .act(incident.id)
        case .verifying(let verification): .observe(incident.id, round: verification.round)
        case .confirming: .confirm(incident.id)
        case .undoing(let undoing): .undo(incident.id, round: undoing.round)
        case .closed: nil
        }
    }

    /// Makes one of schema `version` and closes it.
    static func make(_ version: Int, at path: String) async throws {
        let database = try await SQLiteDatabase(
            path: path, now: StoreSamples.start, migrations: Array(Migration.all.prefix(version)))
        try await database.writer.write { connection throws(StoreError) in
            try deliveries(connection)
            for incident in incidents { try insert(incident, connection) }
            try insertIntents(connection)
            if version >= 2 {
                let hold = Hold(mode: .pause, host: nil, by: "ada", reason: "careful", since: StoreSamples.start)
                try connection.run(
                    "INSERT INTO holds (mode, host, since, until, json) VALUES ('pause', '', ?1, NULL, ?2)",
                    [
                        .integer(StoredTime.microseconds(StoreSamples.start)),
                        .text(try StoredJSON.text(hold, of: "a hold")),
                    ])
            }
            if version >= 3 { try AuditRows.append(StoreSamples.auditRecord(1), on: connection) }
        }
        await database.close()
    }

    /// Deliveries 1 (its intake waits), 2 (it was being taken in) and 3 (that was given up).
    private static func deliveries(_ connection: SQLiteConnection) throws(StoreError) {
        for (number, state) in [(1, "ready"), (2, "claimed"), (3, "dead")] {
            let stored = try StoredDelivery(StoreSamples.delivery(number))
            try connection.run(
                "INSERT INTO deliveries (id, received_at, json) VALUES (?1, ?2, ?3)",
                [.text(stored.id), .integer(stored.receivedAt), .text(stored.json)])
            try job(stored.job.kind, stored.job.payload, state, connection)
        }
    }

    /// As a row of the first schema, with its job: claimed for odd numbers, waiting for even ones.
    private static func insert(_ incident: Incident, _ connection: SQLiteConnection) throws(StoreError) {
        let stored = try StoredIncident(incident)
        try connection.run(
            """
            INSERT INTO incidents (id, version, opened_at, closed_at, phase, outcome, title, target, json)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            [
                .text(incident.id.description), .integer(1), .integer(StoredTime.microseconds(incident.openedAt)),
                .optional(stored.closing.map { StoredTime.microseconds($0.at) }), .text(incident.phase.name),
                .optional(stored.closing?.outcome.rawValue), .text(incident.title), .optional(stored.target),
                .text(stored.json),
            ])
        try connection.run(
            "INSERT INTO timeline (incident, at, json) VALUES (?1, 1, ?2)",
            [.text(incident.id.description), .text(try StoredJSON.text(StoreSamples.entry("opened"), of: "a line"))])
        guard let work = work(of: incident) else { return }
        let isClaimed = (incidents.firstIndex { $0.id == incident.id } ?? 0).isMultiple(of: 2)
        do {
            try job(work.kind, try work.payload(), isClaimed ? "claimed" : "ready", connection)
        } catch { throw .corrupt(what: "\(error)") }
    }

    private static func insertIntents(_ connection: SQLiteConnection) throws(StoreError) {
        let intent = StoreSamples.intent(1)
        try connection.run(
            "INSERT INTO intents (id, incident, step, recorded_at, json) VALUES (?1, ?2, 0, ?3, ?4)",
            [
                .text(intent.id.description), .text(intent.incident.description),
                .integer(StoredTime.microseconds(intent.recordedAt)),
                .text(try StoredJSON.text(intent, of: "an intent")),
            ])
    }

    private static func job(
        _ kind: String, _ payload: String, _ state: String, _ connection: SQLiteConnection
    ) throws(StoreError) {
        // The lease of the claimed ones ends in a day, by the clock of before.
        let available: SQLiteValue =
            switch state {
            case "ready": .integer(1)
            case "claimed": .integer(StoredTime.microseconds(StoreSamples.start + 86_400))
            default: .null
            }
        try connection.run(
            """
            INSERT INTO jobs (kind, payload, priority, due_at, available_at, state, attempts, token, reason)
            VALUES (?1, ?2, 1, 1, ?3, ?4, 1, ?5, ?6)
            """,
            [
                .text(kind), .text(payload), available, .text(state), .integer(state == "claimed" ? 5 : 0),
                state == "dead" ? .text("it can't") : .null,
            ])
        try connection.run("UPDATE job_fence SET token = 5")
    }
}
