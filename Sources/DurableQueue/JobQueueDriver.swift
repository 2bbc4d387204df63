// SPDX-License-Identifier: Apache-2.0

/// The storage behind the queue.
///
/// Every call is one transaction: what it reports is durable when it returns, and when it throws nothing changed as
/// far as anybody can tell. Calls finish even when the calling task is cancelled, so that a result can be recorded
/// during shutdown. A job runs *at least* once: whoever crashes while holding it leaves it to the next claim after
/// the lease, with a higher token, which makes the lost claim worthless. Handlers must bear being run again.
///
/// All time is the store's own: when a job is due, and when a lease ends. Callers speak of durations from now only.
package protocol JobQueueDriver: Sendable {
    /// Puts jobs into the queue.
    ///
    /// A job that waits already with the same kind and payload is not added again: it keeps the earlier due time and
    /// the more urgent priority. One that is being worked on does not count, since its worker may have read the
    /// facts before the reason for this job came about.
    func enqueue(_ jobs: [NewJob]) async throws

    /// Takes up to `limit` jobs that are due, in the order and within the places of the selection.
    ///
    /// No job is given to two callers. A job whose lease ran out may be claimed again. The tokens grow in the order
    /// of the result. It may be fewer than there are, but none only where there is none that may be taken.
    func claim(limit: Int, lease: Duration, _ selection: JobSelection) async throws -> [ClaimedJob]

    /// Prolongs a lease, which then lasts this long from now.
    ///
    /// False when the job is no longer held by this claim (also when it is completed). A lease that ran out while
    /// nobody else claimed the job is renewed: the token is the proof, not the time.
    func extend(_ claim: ClaimedJob, lease: Duration) async throws -> Bool

    /// Removes a finished job; false when it is no longer held by this claim.
    ///
    /// A job that was removed earlier, in the transaction that wrote its result, gives false too; that is no fault.
    func complete(_ claim: ClaimedJob) async throws -> Bool

    /// Gives a job back to be tried again after a pause; false when it is no longer held by this claim.
    ///
    /// Where an identical job waits by now, this one is folded into it: it keeps its own attempts and its due time.
    func retry(_ claim: ClaimedJob, after pause: Duration, reason: String) async throws -> Bool

    /// Gives a job back unfinished through no fault of its own; false when it is no longer held by this claim.
    ///
    /// As `retry` at the time it was due, but the claim does not count as an attempt.
    func release(_ claim: ClaimedJob) async throws -> Bool

    /// Gives a job up; false when it is no longer held by this claim.
    ///
    /// It is kept with the reason until `revive` or until somebody deletes it.
    func deadLetter(_ claim: ClaimedJob, reason: String) async throws -> Bool

    /// Makes a given-up job ready again, now and with all its attempts; false when there is none of that number.
    func revive(_ id: Int64) async throws -> Bool

    /// The jobs that were given up, newest first, at most `limit`.
    func deadJobs(limit: Int) async throws -> [DeadJob]

    /// The time until something of the selection may be claimed, held jobs included; nil when nothing ever will be.
    ///
    /// Zero or less: now.
    func untilNextDue(_ selection: JobSelection) async throws -> Duration?

    /// How many jobs there are by kind and state, sorted by both names.
    func counts() async throws -> [JobCount]
}
