// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What a check of the audit log found.
package struct AuditReport: Sendable, Equatable, Encodable {
    /// What is known about the end of the log.
    package enum Head: String, Sendable, Encodable {
        /// No head was given: a tail that was cut off would not be seen.
        case none
        /// The log holds what the head was signed for.
        case ok
        /// It does not, or it could not be seen because the log is broken.
        case notProven
    }

    /// Records that are where they belong, up to the fault.
    package let records: Int
    /// The end.
    package let head: Head
    /// The first fault; nil: the log is whole.
    package let fault: AuditFault?

    private enum CodingKeys: String, CodingKey { case records, chain, head, fault, sequence, reason }

    /// As one object, with the words of `line`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(records, forKey: .records)
        try container.encode(chain, forKey: .chain)
        try container.encode(head, forKey: .head)
        try container.encodeIfPresent(fault?.kind.rawValue, forKey: .fault)
        try container.encodeIfPresent(fault?.sequence, forKey: .sequence)
        try container.encodeIfPresent(fault?.description, forKey: .reason)
    }

    private var chain: String { fault == nil ? "ok" : "broken" }

    /// For people and scripts: `audit: records=50 chain=ok head=none`.
    package var line: String {
        let place = fault.map { " sequence=\($0.sequence) fault=\($0.kind.rawValue)" } ?? ""
        return "audit: records=\(records) chain=\(chain) head=\(head.rawValue)\(place)"
    }
}
