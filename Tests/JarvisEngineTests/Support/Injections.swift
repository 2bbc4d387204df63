// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The texts that attackers put into labels, logs and replies (`Tests/Fixtures/injection_strings.tsv`).
enum Injections {
    static func load() throws -> [String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures/injection_strings.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: "\t", maxSplits: 2).last.map(String.init) }
            .map { $0.replacing("\\n", with: "\n").replacing("\\u0000", with: "\u{0}") }
    }
}
