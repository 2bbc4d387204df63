// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import FoundationEssentials
package import JarvisCore
import Synchronization

/// A store that lives as long as the process, with the promises of the real ones; its jobs are in `queue`.
package final class MemoryStore: AlertLog, IncidentStore {
    /// What is stored.
    fileprivate struct Contents: Sendable {
        var deliveries: [DeliveryID: Delivery] = [:]
        var incidents: [IncidentID: Incident] = [:]
        var alerts: [LabelSet: AlertRecord] = [:]
        var timeline: [NumberedTimelineEntry] = []
        var intents: [IntentID: Incident.Attempt] = [:]
    }

    /// The jobs; changes of the store and of the queue are one transaction.
    package let queue: MemoryJobQueue
    private let contents = Mutex(Contents())
    private let outage = Mutex<StoreError?>(nil)
    private let onJobsCommitted: @Sendable () -> Void

    /// An empty store.
    ///
    /// - Parameter onJobsCommitted: called after each commit that put jobs into the queue.
    package init(queue: MemoryJobQueue = MemoryJobQueue(), onJobsCommitted: @escaping @Sendable () -> Void = {}) {
        self.queue = queue
        self.onJobsCommitted = onJobsCommitted
    }

    /// Makes every write throw `error` from now on; nil ends it.
    package func failWrites(with error: StoreError?) { outage.withLock { $0 = error } }

    /// Every intent with what came back, oldest first.
    package var attempts: [Incident.Attempt] {
        contents.withLock { Array($0.intents.values) }.sorted { $0.intent.id < $1.intent.id }
    }

    package func accept(_ delivery: Delivery) async throws(StoreError) {
        let job = try Self.job(delivery.intake)
        try transact { contents, jobs throws(StoreError) in
            guard contents.deliveries[delivery.id] == nil else {
                throw .corrupt(what: "delivery \(delivery.id) was stored before")
            }
            contents.deliveries[delivery.id] = delivery
            jobs.enqueue(job)
        }
        onJobsCommitted()
    }

    package func delivery(_ id: DeliveryID) async -> Delivery? { contents.withLock { $0.deliveries[id] } }

    package func incident(_ id: IncidentID) async -> Incident? { contents.withLock { $0.incidents[id] } }

    package func alertRecord(of labels: LabelSet) async -> AlertRecord? { contents.withLock { $0.alerts[labels] } }

    package func openIncident(about target: Target) async -> IncidentID? {
        contents.withLock { contents in
            contents.incidents.values.first { $0.target == target && !$0.phase.isClosed }?.id
        }
    }

    package func commit(_ change: StoreChange) async throws(StoreError) {
        guard change.entries.isEmpty || change.incident != nil else {
            throw .corrupt(what: "timeline entries without their incident")
        }
        let jobs = try change.jobs.map { request throws(StoreError) in try Self.job(request) }
        try transact { contents, table throws(StoreError) in
            if let claim = change.completing {
                guard table.complete(claim.job, token: claim.token) else { throw .claimLost }
            }
            if let claim = change.holding {
                guard table.isHeld(claim.job, token: claim.token) else { throw .claimLost }
            }
            try contents.apply(change)
            for job in jobs { table.enqueue(job) }
        }
        if !jobs.isEmpty { onJobsCommitted() }
    }

    package func timeline(of incident: IncidentID?, after sequence: Int64, limit: Int) async -> [NumberedTimelineEntry]
    {
        let entries = contents.withLock { $0.timeline }
        let wanted = entries.filter { $0.sequence > sequence && (incident == nil || $0.incident == incident) }
        return Array(wanted.prefix(max(0, limit)))
    }

    package func incidents(openOnly: Bool, limit: Int) async -> [Incident] {
        let incidents = contents.withLock { Array($0.incidents.values) }
        let wanted = incidents.filter { !openOnly || !$0.phase.isClosed }
        return Array(wanted.sorted { ($0.openedAt, $0.id) > ($1.openedAt, $1.id) }.prefix(max(0, limit)))
    }

    /// Changes both or, when `body` throws, neither.
    private func transact(
        _ body: (inout Contents, inout JobTable) throws(StoreError) -> Void
    ) throws(StoreError) {
        if let error = outage.withLock({ $0 }) { throw error }
        try queue.transact { table throws(StoreError) in
            try contents.withLock { contents throws(StoreError) in
                var changed = contents
                try body(&changed, &table)
                contents = changed
            }
        }
    }

    private static func job(_ request: JobRequest) throws(StoreError) -> NewJob {
        do {
            return NewJob(
                kind: request.work.kind, payload: try request.work.payload(), priority: request.priority,
                dueAt: request.dueAt)
        } catch {
            throw .corrupt(what: "a job can't be written as JSON: \(error)")
        }
    }
}

extension MemoryStore.Contents {
    fileprivate mutating func apply(_ change: StoreChange) throws(StoreError) {
        if let incident = change.incident { try write(incident, change.entries) }
        for record in change.alerts { alerts[record.alert.labels] = record }
        if let intent = change.intent {
            guard intents[intent.id] == nil, incidents[intent.incident] != nil else {
                throw .corrupt(what: "intent \(intent.id) was recorded before, or its incident is unknown")
            }
            intents[intent.id] = Incident.Attempt(intent: intent)
        }
        if let (intent, receipt) = change.receipt {
            guard let attempt = intents[intent], attempt.receipt == nil else {
                throw .corrupt(what: "intent \(intent) is missing or has its receipt already")
            }
            intents[intent]?.receipt = receipt
        }
    }

    private mutating func write(_ incident: Incident, _ entries: [TimelineEntry]) throws(StoreError) {
        guard incident.version == (incidents[incident.id]?.version ?? 0) + 1 else { throw .versionConflict }
        if let target = incident.target, !incident.phase.isClosed {
            let isTaken = incidents.values.contains {
                $0.target == target && !$0.phase.isClosed && $0.id != incident.id
            }
            if isTaken { throw .versionConflict }
        }
        incidents[incident.id] = incident
        for entry in entries {
            let sequence = (timeline.last?.sequence ?? 0) + 1
            timeline.append(NumberedTimelineEntry(sequence: sequence, incident: incident.id, entry: entry))
        }
    }
}
