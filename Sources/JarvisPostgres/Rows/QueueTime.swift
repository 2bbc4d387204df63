// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisStore

/// The queue's time as the statements take it: NULL, which means the server's clock, or what a test says.
///
/// A server has no clock but its wall clock, so leases are measured with it too. When it is set forward, a lease ends
/// early; its holder has lost the claim then, and can record nothing.
struct QueueTime: Sendable {
    /// What jobs are due by.
    let now: PostgresValue
    /// What leases are measured with.
    let uptime: PostgresValue

    /// Reads both clocks, if there are any.
    init(_ clock: QueueClock?) {
        now = .optional(clock.map { StoredTime.microseconds($0.now()) })
        uptime = .optional(clock.map { $0.uptime().inMicroseconds })
    }

    /// The time of the parameter of this number.
    static func now(_ parameter: Int) -> String { ServerTime.sql(parameter) }

    /// The uptime of the parameter of this number.
    static func uptime(_ parameter: Int) -> String { ServerTime.sql(parameter) }
}

extension Duration {
    /// Whole microseconds.
    var inMicroseconds: Int64 {
        Int64(exactly: (self / .microseconds(1)).rounded()) ?? (self < .zero ? .min / 4 : .max / 4)
    }
}
