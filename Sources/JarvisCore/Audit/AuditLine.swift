// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One line of an export.
///
/// A record stands in its line as it was stored, so that it can be checked without being written anew:
/// `{"sequence":17,"hash":"…","record":{…}}`.
package enum AuditLine: Sendable, Equatable {
    /// A record.
    case record(AuditEntry)
    /// What the lines that follow go on from; the first line of an export that does not begin at the beginning.
    case anchor(AuditPosition)
    /// The signed end.
    case head(AuditHead)

    private static let hashDigits = 64

    /// Reads a line without its line break; nil for everything that `bytes` does not write.
    package init?(_ line: some Collection<UInt8>) {
        var rest = Array(line)[...]
        guard rest.take(#"{"sequence":"#) else {
            guard let head = try? JSONDecoder().decode(AuditHead.self, from: Data(rest)) else { return nil }
            self = .head(head)
            return
        }
        let digits = String(decoding: rest.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)
        guard let sequence = Int64(digits), String(sequence) == digits, rest.take(digits), rest.take(#","hash":""#)
        else { return nil }
        let hash = String(decoding: rest.prefix(Self.hashDigits), as: UTF8.self)
        guard hash.utf8.count == Self.hashDigits, rest.take(hash), rest.take("\""), rest.last == UInt8(ascii: "}")
        else { return nil }
        if rest.count == 1 {
            self = .anchor(AuditPosition(sequence: sequence, hash: hash))
        } else {
            guard rest.take(#","record":"#) else { return nil }
            self = .record(AuditEntry(sequence: sequence, hash: hash, text: Array(rest.dropLast())))
        }
    }

    /// The line, without a line break.
    package func bytes() throws -> [UInt8] {
        switch self {
        case .record(let entry):
            Array(#"{"sequence":\#(entry.sequence),"hash":"\#(entry.hash)","record":"#.utf8) + entry.text
                + [UInt8(ascii: "}")]
        case .anchor(let position): Array(#"{"sequence":\#(position.sequence),"hash":"\#(position.hash)"}"#.utf8)
        case .head(let head): Array(try Self.text(head).utf8)
        }
    }

    private static func text(_ head: AuditHead) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(head), as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// Drops a text from the front; false when something else stands there.
    fileprivate mutating func take(_ text: String) -> Bool {
        guard starts(with: text.utf8) else { return false }
        removeFirst(text.utf8.count)
        return true
    }
}
