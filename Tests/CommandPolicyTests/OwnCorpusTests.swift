// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation
import JarvisTestSupport
import Testing

/// Commands of our own beside the corpora, with labels of the same meaning (`Tests/Fixtures/own_commands.tsv`).
@Suite struct OwnCorpusTests {
    @Test func `our own commands are judged as their labels say`() throws {
        let policy = try ShippedPolicy.get()
        let entries = try Self.entries()
        #expect(entries.count >= 4200)
        for entry in entries {
            let found = ShippedPolicyText.classOf(entry.command, policy)
            #expect(entry.isMet(by: found), "\(entry.id) \(entry.label): \(found.rawValue): \(entry.command)")
        }
    }

    /// `LABEL<TAB>COMMAND` a line; the identifier is the line's number.
    private static func entries() throws -> [Corpus.Labelled] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: folder.appending(path: "Fixtures").appending(path: "own_commands.tsv"), encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            guard !line.hasPrefix("#"), let tab = line.firstIndex(of: "\t") else { return nil }
            return Corpus.Labelled(
                id: "line \(index + 1)", label: String(line[..<tab]), command: String(line[line.index(after: tab)...]))
        }
    }
}
