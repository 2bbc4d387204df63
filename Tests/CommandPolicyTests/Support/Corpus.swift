// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation

/// The corpora in `Tests/Fixtures`.
enum Corpus {
    struct Entry: CustomStringConvertible {
        let id: String
        let text: String
        var description: String { id }
    }

    /// A command with what must become of it.
    struct Labelled: CustomStringConvertible, Sendable {
        let id: String
        let label: String
        let command: String
        var description: String { id }

        /// Whether a class is what the label asks for.
        func isMet(by found: CommandClass) -> Bool {
            switch label {
            case "deny": found == .forbidden
            case "not_auto": found > .bounded
            case "diagnostic": found == .observe
            case "reversible": found == .bounded
            case "high_risk": found == .disruptive || found == .highRisk
            default: false
            }
        }
    }

    /// The texts that attackers put into labels, logs and replies.
    static func injections() throws -> [Entry] {
        try rows("injection_strings.tsv").map { Entry(id: $0[0], text: unescaped($0[2])) }
    }

    /// Commands that must not run unattended, or not at all.
    static func adversarial() throws -> [Labelled] {
        try rows("adversarial_commands.tsv").map { row in
            let command = row[3] == "json" ? try JSONDecoder().decode(String.self, from: Data(row[4].utf8)) : row[4]
            return Labelled(id: row[0], label: row[2], command: command)
        }
    }

    /// Commands that people need.
    static func legitimate() throws -> [Labelled] {
        try rows("legit_commands.tsv").map { Labelled(id: $0[0], label: $0[1], command: $0[2]) }
    }

    private static func rows(_ name: String) throws -> [[String]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures").appending(path: name)
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    /// Control characters are written `\n`, `\u0000` in the file; everything else stands for itself.
    private static func unescaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\u0000", with: "\u{0}")
    }
}
