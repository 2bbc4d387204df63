// SPDX-License-Identifier: Apache-2.0

extension Delivery {
    /// The job that takes it in: due at once, as urgent as its most severe alert.
    package var intake: JobRequest {
        JobRequest(.intake(id), dueAt: receivedAt, priority: alerts.map(\.labels.priority).min() ?? 2)
    }
}
