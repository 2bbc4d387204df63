// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Times as the tables hold them: whole microseconds since 1970, UTC.
package enum StoredTime {
    /// The nearest microsecond; times that don't fit become the farthest one that does.
    package static func microseconds(_ time: Date) -> Int64 {
        let microseconds = (time.timeIntervalSince1970 * 1_000_000).rounded()
        return Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max)
    }

    /// The time of a column.
    package static func date(_ microseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}
