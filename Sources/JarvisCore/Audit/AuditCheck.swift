// SPDX-License-Identifier: Apache-2.0

/// Follows a chain record by record and says where it breaks, and how.
///
/// Hand it every record, also those after a break: what comes later tells a record that stands elsewhere from one
/// that was edited.
package struct AuditCheck: Sendable {
    /// The last record that is where it belongs.
    package private(set) var position: AuditPosition
    /// The first place where the chain breaks.
    package private(set) var fault: AuditFault?
    private let digest: AuditDigest
    private var culprit: AuditEntry?

    /// Begins after a place that is known to be right.
    package init(after position: AuditPosition = .beginning, digest: @escaping AuditDigest) {
        self.position = position
        self.digest = digest
    }

    /// Looks at the next record as it is stored.
    package mutating func add(_ entry: AuditEntry) {
        guard fault == nil else { return look(at: entry) }
        let next = position.following(entry.text, digest)
        guard entry.sequence == next.sequence, entry.hash == next.hash else {
            culprit = entry
            let kind: AuditFault.Kind =
                entry.sequence > next.sequence ? .gap : entry.sequence < next.sequence ? .reordered : .edited
            fault = AuditFault(kind, at: next.sequence)
            return
        }
        position = next
    }

    /// Whether a later record is the one that belongs to where the chain broke.
    private mutating func look(at later: AuditEntry) {
        guard let fault, let culprit else { return }
        switch fault.kind {
        case .gap where later.sequence == fault.sequence: break
        case .edited:
            let hash = position.following(later.text, digest).hash
            // Rows that changed places, or only their texts.
            guard hash == later.hash || hash == culprit.hash else { return }
        default: return
        }
        self.fault = AuditFault(.reordered, at: fault.sequence)
    }
}

/// Where and how a log differs from what was written.
package struct AuditFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The ways.
    package enum Kind: String, Sendable {
        /// A record is not the one that was written there.
        case edited
        /// Records are missing.
        case gap
        /// A record stands in another one's place.
        case reordered
        /// The log ends before the signed head, or an export without one.
        case cut
        /// The log is whole in itself, but another one than the head was signed for.
        case replaced
        /// A head that was not signed with the key.
        case signature
        /// A line of an export that is none.
        case unreadable
    }

    /// How.
    package let kind: Kind
    /// The place in the log; for a line of an export that can't be read, the number of the line.
    package let sequence: Int64

    /// Names a fault.
    package init(_ kind: Kind, at sequence: Int64) {
        self.kind = kind
        self.sequence = sequence
    }

    /// One sentence for a person.
    package var description: String {
        switch kind {
        case .edited: "record \(sequence) is not what was written there: it, or its hash, was edited or exchanged"
        case .gap: "record \(sequence) is missing"
        case .reordered: "the record that belongs to place \(sequence) stands elsewhere: records changed places"
        case .cut: "the log was cut: it ends before record \(sequence), or without the head that says that it is whole"
        case .replaced: "record \(sequence) is another one than the head was signed for: the log was replaced"
        case .signature: "the head of record \(sequence) was not signed with this key"
        case .unreadable: "line \(sequence) of the export can't be read"
        }
    }
}
