// SPDX-License-Identifier: Apache-2.0

import Cryptography
package import DurableQueue
package import FoundationEssentials
package import JarvisCore
import Synchronization

/// A store that lives as long as the process, with the promises of the real ones; its jobs are in `queue`.
package final class MemoryStore: OrderedAlertLog, IncidentStore, RestraintStore, AutonomyStore, AuditLog,
    SnapshotStore
{
    /// What is stored.
    fileprivate struct Contents: Sendable {
        var deliveries: [DeliveryID: Delivery] = [:]
        var incidents: [IncidentID: Incident] = [:]
        var alerts: [LabelSet: AlertRecord] = [:]
        var timeline: [NumberedTimelineEntry] = []
        var intents: [IntentID: Incident.Attempt] = [:]
        var calls: [IntentID: (intent: APIIntent, receipt: APIReceipt?)] = [:]
        var snapshots: [SealedSnapshot] = []
        var withdrawals: [(target: Target?, withdrawal: Withdrawal)] = []
        var holds: [Hold] = []
        var autonomy: [String: AutonomyPolicy.Rule] = [:]
        var audit: [AuditEntry] = []
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

    /// Every intent for a service's API with what came back, oldest first.
    package var calls: [(intent: APIIntent, receipt: APIReceipt?)] {
        contents.withLock { Array($0.calls.values) }.sorted { $0.intent.id < $1.intent.id }
    }

    package func accept(_ delivery: Delivery) async throws(StoreError) { try await accept(inOrder: [delivery]) }

    package func accept(inOrder deliveries: [Delivery]) async throws(StoreError) {
        let jobs = try deliveries.map { delivery throws(StoreError) in try Self.job(delivery.intake) }
        try transact { contents, table throws(StoreError) in
            for delivery in deliveries {
                guard contents.deliveries[delivery.id] == nil else {
                    throw .corrupt(what: "delivery \(delivery.id) was stored before")
                }
                contents.deliveries[delivery.id] = delivery
            }
            for job in jobs { table.enqueue(job) }
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

    package func isHeld(_ token: UInt64) async throws(StoreError) -> Bool {
        var isHeld = false
        try queue.transact { table throws(StoreError) in isHeld = table.isHeld(token) }
        return isHeld
    }

    package func idleIncidents() async throws(StoreError) -> [Incident] {
        let open = contents.withLock { Array($0.incidents.values) }.filter { !$0.phase.isClosed }
        var busy: Set<String> = []
        try queue.transact { table throws(StoreError) in
            for payload in table.heldPayloads {
                do {
                    let work = try JobRequest.Work(payload: payload)
                    switch work {
                    case .intake, .silence: continue
                    default: break
                    }
                    busy.insert(work.subject)
                } catch {
                    throw .corrupt(what: "a job: \(error)")
                }
            }
        }
        return open.filter { !busy.contains($0.id.description) }
    }

    package func incidentsWithSilenceWork() async -> [Incident] {
        contents.withLock { Array($0.incidents.values) }.filter(\.hasSilenceWork)
    }

    package func snapshot(before intent: IntentID) async -> SealedSnapshot? {
        contents.withLock { $0.snapshots.first { $0.intent == intent } }
    }

    package func snapshots(of incident: IncidentID?, limit: Int) async -> [SealedSnapshot] {
        let wanted = contents.withLock { $0.snapshots }.filter { incident == nil || $0.incident == incident }
        return Array(wanted.sorted { ($0.takenAt, $0.intent) > ($1.takenAt, $1.intent) }.prefix(max(0, limit)))
    }

    package func holds(at now: Date) async -> [Hold] { contents.withLock { $0.holds(at: now) } }

    package func place(_ hold: Hold) async throws(StoreError) {
        try transact { contents, _ throws(StoreError) in
            contents.holds.removeAll { $0.mode == hold.mode && $0.host == hold.host }
            contents.holds.append(hold)
            try contents.append(.placing(hold))
        }
    }

    package func lift(
        _ mode: Hold.Mode, host: HostName?, by person: String, at now: Date
    ) async throws(StoreError) -> Bool {
        var was = false
        try transact { contents, _ throws(StoreError) in
            let before = contents.holds.count
            contents.holds.removeAll { $0.mode == mode && $0.host == host }
            was = contents.holds.count < before
            if was { try contents.append(.lifting(mode, host: host, by: person, at: now)) }
        }
        return was
    }

    package func autonomyRules() async -> [AutonomyPolicy.Rule] {
        contents.withLock { $0.autonomy }.sorted { ($1.value.specificity, $0.key) < ($0.value.specificity, $1.key) }
            .map(\.value)
    }

    package func setAutonomy(
        _ rule: AutonomyPolicy.Rule, by person: String, at now: Date
    ) async throws(StoreError) {
        try transact { contents, _ throws(StoreError) in
            contents.autonomy[rule.subject] = rule
            try contents.append(.deciding(rule, by: person, at: now))
        }
    }

    package func resetAutonomy(by person: String, at now: Date) async throws(StoreError) -> Int {
        var count = 0
        try transact { contents, _ throws(StoreError) in
            count = contents.autonomy.count
            guard count > 0 else { return }
            contents.autonomy = [:]
            try contents.append(.forgetting(count, by: person, at: now))
        }
        return count
    }

    package func auditEntries(after sequence: Int64, limit: Int) async -> [AuditEntry] {
        Array(contents.withLock { $0.audit }.filter { $0.sequence > sequence }.prefix(max(0, limit)))
    }

    package func trackRecord(pattern: String, target: Target, since: Date) async -> TrackRecord {
        let failed = contents.withLock { Array($0.incidents.values) }.filter { incident in
            guard incident.isFailedRepair, case .closed(let closing) = incident.phase else { return false }
            return closing.at > since
        }
        let failures =
            failed.map { (pattern: $0.plan?.pattern, target: $0.target) }
            + contents.withLock { $0.withdrawals }.filter { $0.withdrawal.at > since }
            .map { (pattern: $0.withdrawal.pattern, target: $0.target) }
        return TrackRecord(
            ofPattern: failures.count { $0.pattern == pattern }, onTarget: failures.count { $0.target == target },
            inAll: failures.count)
    }

    package func stepCounts(on target: Target, since: Date) async -> StepCounts {
        contents.withLock { $0.counts(on: target, since: since) }
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
                lane: request.lane, dueAt: request.dueAt)
        } catch {
            throw .corrupt(what: "a job can't be written as JSON: \(error)")
        }
    }
}

extension MemoryStore.Contents {
    fileprivate mutating func apply(_ change: StoreChange) throws(StoreError) {
        if let incident = change.incident { try write(incident, change.entries) }
        if let withdrawal = change.withdrawal { withdrawals.append((change.incident?.target, withdrawal)) }
        for update in change.alerts {
            let labels = update.record.alert.labels
            guard alerts[labels]?.report == update.replaced else { throw .versionConflict }
            alerts[labels] = update.record
        }
        if let intent = change.intent {
            try check(intent, change.blastRadius)
            guard intents[intent.id] == nil, incidents[intent.incident] != nil else {
                throw .corrupt(what: "intent \(intent.id) was recorded before, or its incident is unknown")
            }
            intents[intent.id] = Incident.Attempt(intent: intent)
        }
        if let snapshot = change.snapshot { snapshots.append(snapshot) }
        if let (intent, receipt) = change.receipt {
            guard let attempt = intents[intent], attempt.receipt == nil else {
                throw .corrupt(what: "intent \(intent) is missing or has its receipt already")
            }
            intents[intent]?.receipt = receipt
        }
        if let intent = change.apiIntent {
            let holds = intent.change.waitsForHolds ? holds(at: intent.recordedAt).filter { $0.host == nil } : []
            if let hold = holds.first(where: { $0.mode == .pause }) ?? holds.first { throw .restrained(.held(hold)) }
            guard calls[intent.id] == nil, intents[intent.id] == nil, incidents[intent.incident] != nil else {
                throw .corrupt(what: "intent \(intent.id) was recorded before, or its incident is unknown")
            }
            calls[intent.id] = (intent, nil)
        }
        if let (intent, receipt) = change.apiReceipt {
            guard let known = calls[intent.id], known.receipt == nil else {
                throw .corrupt(what: "intent \(intent.id) is missing or has its receipt already")
            }
            calls[intent.id]?.receipt = receipt
        }
        for record in change.audit { try append(record) }
    }

    fileprivate mutating func append(_ record: AuditRecord) throws(StoreError) {
        do {
            let text = Array(try record.text().utf8)
            let last = audit.last.map { AuditPosition(sequence: $0.sequence, hash: $0.hash) } ?? .beginning
            let position = last.following(text, SHA256.hexDigest)
            audit.append(AuditEntry(sequence: position.sequence, hash: position.hash, text: text))
        } catch {
            throw .corrupt(what: "an audit record can't be written as JSON: \(error)")
        }
    }

    fileprivate func holds(at now: Date) -> [Hold] {
        holds.filter { $0.until.map { now < $0 } ?? true }.sorted { $0.since < $1.since }
    }

    fileprivate func counts(on target: Target, since: Date) -> StepCounts {
        let recent = intents.values.filter { $0.intent.recordedAt > since }.map(\.intent.action.target)
        let now = since.addingTimeInterval(BlastRadius.window)
        return StepCounts(
            runningOnHost: intents.values.count {
                mayRun($0.intent, $0.receipt, at: now) && $0.intent.recordedAt > since
                    && $0.intent.action.target.host == target.host
            },
            total: recent.count, onHost: recent.count { $0.host == target.host },
            onTarget: recent.count { $0 == target })
    }

    private func mayRun(_ intent: Intent, _ receipt: Receipt?, at now: Date) -> Bool {
        switch receipt?.ending {
        case nil: true
        case .unknown: intent.recordedAt.addingTimeInterval(Double(intent.remoteDeadlineSeconds)) > now
        case .exited, .notStarted, .timedOut: false
        }
    }

    private func check(_ intent: Intent, _ limits: BlastRadius?) throws(StoreError) {
        let target = intent.action.target
        let holds = holds(at: intent.recordedAt).filter { $0.applies(to: target.host, at: intent.recordedAt) }
        if let hold = holds.first(where: { $0.mode == .pause }) ?? holds.first { throw .restrained(.held(hold)) }
        let counts = counts(on: target, since: intent.recordedAt.addingTimeInterval(-BlastRadius.window))
        if let restraint = limits?.restraint(on: target, counts) { throw .restrained(restraint) }
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
