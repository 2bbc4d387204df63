// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a document that Jarvis reads, and where.
package struct YAMLError: Error, Equatable {
    /// The kinds of refusal.
    package enum Reason: Equatable, Sendable {
        /// Longer than the reader's limit, in bytes.
        case tooLarge(limit: Int)
        /// Nested deeper than the reader's limit.
        case tooDeep(limit: Int)
        /// Not UTF-8 from here on.
        case notUTF8
        /// A character that text files don't hold: U+ and its number.
        case controlCharacter(UInt32)
        /// libyaml's words about the syntax.
        case syntax(String)
        /// `&name`, `*name`, `!tag`, `<<`: the reader has none of them.
        case unsupported(String)
        /// A key that is itself a list or a mapping.
        case keyIsNotText
        /// A key given a second time, and the line of the first.
        case duplicateKey(String, firstLine: Int)
        /// A second document in the same file.
        case secondDocument
    }

    /// What is wrong.
    package let reason: Reason
    /// Where.
    package let mark: YAMLMark

    /// Says what is wrong and where.
    package init(reason: Reason, mark: YAMLMark) {
        self.reason = reason
        self.mark = mark
    }

    /// The reason in words for a person.
    package var message: String {
        switch reason {
        case .tooLarge(let limit): "the file is larger than \(limit) bytes"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .notUTF8: "this is not UTF-8 text"
        case .controlCharacter(let number):
            "the control character U+\(String(repeating: "0", count: max(0, 4 - String(number, radix: 16).count)))"
                + "\(String(number, radix: 16, uppercase: true)) is not allowed in a text file"
        case .syntax(let words): words
        case .unsupported(let what): "\(what) are not supported; write the value out"
        case .keyIsNotText: "a key must be plain text"
        case .duplicateKey(let key, let line):
            "key '\(key)' is given twice; the first one is in line \(line)"
        case .secondDocument: "a second document begins here; a file holds one"
        }
    }
}
