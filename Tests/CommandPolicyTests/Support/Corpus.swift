// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The texts that attackers put into labels, logs and replies; `Tests/Fixtures/injection_strings.tsv`.
enum Corpus {
    struct Entry: CustomStringConvertible {
        let id: String
        let text: String
        var description: String { id }
    }

    static func injections() throws -> [Entry] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures/injection_strings.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", maxSplits: 2)
            guard !line.hasPrefix("#"), fields.count == 3 else { return nil }
            return Entry(id: String(fields[0]), text: unescaped(String(fields[2])))
        }
    }

    /// Control characters are written `\n`, `\u0000` in the file; everything else stands for itself.
    private static func unescaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\u0000", with: "\u{0}")
    }
}
