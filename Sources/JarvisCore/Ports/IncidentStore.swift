// SPDX-License-Identifier: Apache-2.0

/// Keeps incidents, alerts and timelines.
package protocol IncidentStore: Sendable {
    /// The incident, as last committed; nil when there is none of that id.
    func incident(_ id: IncidentID) async throws(StoreError) -> Incident?

    /// What is known of the alert with exactly these labels, whatever else shares its fingerprint; nil: never seen.
    func alertRecord(of labels: LabelSet) async throws(StoreError) -> AlertRecord?

    /// The open incident about this target; nil when there is none.
    func openIncident(about target: Target) async throws(StoreError) -> IncidentID?

    /// Writes everything of `change` in one transaction, or nothing.
    ///
    /// Durable (fsynced) when it returns. Throws `versionConflict` when the incident is not at the version the change
    /// was made from, or an alert's record is another one than was replaced, `claimLost` when the job to be completed is no longer held by this claim, `restrained` when a hold
    /// or the blast radius keeps the intent back.
    func commit(_ change: StoreChange) async throws(StoreError)

    /// Entries after `sequence`, oldest first, of one incident or of all, at most `limit`.
    func timeline(of incident: IncidentID?, after sequence: Int64, limit: Int) async throws(StoreError)
        -> [NumberedTimelineEntry]

    /// Incidents, newest first, at most `limit`; only open ones where asked.
    func incidents(openOnly: Bool, limit: Int) async throws(StoreError) -> [Incident]

    /// Open incidents that no running job is about.
    ///
    /// Where another instance may take a waiting job at any moment, those with one are left out, too. It may name one
    /// that was closed meanwhile, but never one that somebody works on.
    func idleIncidents() async throws(StoreError) -> [Incident]

    /// Incidents, open or not, with a silence that something is to be done about.
    ///
    /// Those that a job works on at this moment are among them. One that can't be read is left out: it must not keep
    /// the end of the others' silences from being seen to.
    func incidentsWithSilenceWork() async throws(StoreError) -> [Incident]

    /// Whether a job is held by the claim of this fencing token, its lease run out or not.
    func isHeld(_ token: UInt64) async throws(StoreError) -> Bool
}

/// The proof that a worker holds a job.
package struct JobClaim: Sendable, Equatable {
    /// The job's number in the queue.
    package let job: Int64
    /// Its fencing token: grows with every claim of any job.
    package let token: UInt64

    /// Names a claim.
    package init(job: Int64, token: UInt64) {
        self.job = job
        self.token = token
    }
}

/// Everything that changes together.
package struct StoreChange: Sendable {
    /// The incident after the change, its version already increased; nil: only alerts or jobs change.
    package var incident: Incident?
    /// Lines for its timeline.
    package var entries: [TimelineEntry] = []
    /// Work that follows.
    package var jobs: [JobRequest] = []
    /// Alerts as now known.
    package var alerts: [AlertUpdate] = []
    /// An intent that must be durable before its step runs.
    package var intent: Intent?
    /// What its target was right before; kept with it.
    package var snapshot: SealedSnapshot?
    /// Limits that the intent must keep; checked with the holds in the same transaction.
    package var blastRadius: BlastRadius?
    /// The receipt of an earlier intent.
    package var receipt: (intent: IntentID, receipt: Receipt)?
    /// An intent that must be durable before its request is sent; kept back by a hold that is for everywhere.
    package var apiIntent: APIIntent?
    /// The receipt of an earlier one.
    package var apiReceipt: (intent: APIIntent, receipt: APIReceipt)?
    /// The ending of the incident that is withdrawn; counted by `RestraintStore.trackRecord` from then on.
    package var withdrawal: Withdrawal?
    /// Records for the audit log, in order.
    package var audit: [AuditRecord] = []
    /// The job that must still be held for this to be written, without being completed by it.
    package var holding: JobClaim?
    /// The job whose result this is; completed in the same transaction.
    package var completing: JobClaim?

    /// A change that changes nothing yet.
    package init(incident: Incident? = nil) { self.incident = incident }
}
