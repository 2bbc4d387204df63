// SPDX-License-Identifier: Apache-2.0

import Logging

/// The metadata keys of the queue's log lines.
enum JobMetadata {
    static let id = "job.id"
    static let kind = "job.kind"
    static let attempt = "job.attempt"
    static let token = "job.token"
    static let reason = "job.reason"
    static let pause = "job.pause"
    static let running = "queue.running"

    /// What every line about one job carries.
    static func of(_ job: ClaimedJob) -> Logger.Metadata {
        [
            id: "\(job.id)", kind: "\(job.kind)", attempt: "\(job.attempts)", token: "\(job.token)",
        ]
    }
}
