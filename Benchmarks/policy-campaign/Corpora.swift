// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The corpora in `Tests/Fixtures`.
enum Corpora {
    struct Entry {
        let id: String
        let technique: String
        let label: String
        let command: String
    }

    static func adversarial() throws -> [Entry] {
        try rows("adversarial_commands.tsv").map { row in
            let command = row[3] == "json" ? try JSONDecoder().decode(String.self, from: Data(row[4].utf8)) : row[4]
            return Entry(id: row[0], technique: row[1], label: row[2], command: command)
        }
    }

    static func legitimate() throws -> [Entry] {
        try rows("legit_commands.tsv").map { Entry(id: $0[0], technique: $0[1], label: $0[1], command: $0[2]) }
    }

    private static func rows(_ name: String) throws -> [[String]] {
        let path = "Tests/Fixtures/\(name)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw CampaignError("\(path) is missing: run this from the root of the repository")
        }
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }
}
