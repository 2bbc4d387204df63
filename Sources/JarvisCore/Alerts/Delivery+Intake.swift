// SPDX-License-Identifier: Apache-2.0

extension Delivery {
    /// The job that takes it in: due at once, as urgent as its most severe alert.
    package var intake: JobRequest {
        let urgency = alerts.map { alert in
            switch alert.labels["severity"]?.verbatim {
            case "critical": 0
            case "warning": 1
            default: 2
            }
        }
        return JobRequest(.intake(id), dueAt: receivedAt, priority: urgency.min() ?? 2)
    }
}
