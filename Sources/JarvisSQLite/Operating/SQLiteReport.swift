// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What was found in a database file.
package struct SQLiteReport: Sendable {
    /// Something that should not be so.
    package struct Fault: Sendable, Equatable {
        /// What it is about.
        package enum Kind: String, Sendable {
            /// The file itself: it is no database, or pages of it are damaged.
            case pages
            /// It is another program's, a newer version's, or nobody's.
            case schema
            /// Something refers to what is not there.
            case references
            /// The audit log is not what was written.
            case audit
            /// A stored value can't be read.
            case values
        }

        /// What it is about.
        package let kind: Kind
        /// One sentence for a person.
        package let text: String

        init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// The newest schema that this version knows.
    package static var knownSchema: Int { Migration.all.last?.version ?? 0 }

    /// The schema it is at; 0 where it could not be read.
    package var schema = 0
    /// Bytes of a page.
    package var pageBytes: Int64 = 0
    /// Pages of the file, without those of the write-ahead log.
    package var pages: Int64 = 0
    /// Pages that hold nothing and may be used again.
    package var freePages: Int64 = 0
    /// Rows by table, sorted by its name.
    package var rows: [(table: String, count: Int64)] = []
    /// Where the audit log ends, as far as it is whole.
    package var audit = AuditPosition.beginning
    /// Everything that should not be so; none: it is whole.
    package var faults: [Fault] = []

    mutating func add(_ found: [String], _ kind: Fault.Kind, listing limit: Int) {
        faults += found.prefix(limit).map { Fault(kind, $0) }
        if found.count > limit { faults.append(Fault(kind, "and \(found.count - limit) more of this kind")) }
    }
}
