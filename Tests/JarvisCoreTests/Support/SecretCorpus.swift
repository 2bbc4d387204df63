// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `Tests/Fixtures/secrets.tsv`: made-up secrets in realistic output, and output without any.
enum SecretCorpus {
    struct Sample: Sendable, CustomStringConvertible {
        let source: String
        /// What must not survive; nil: nothing may change.
        let secret: String?
        let text: String
        var description: String { "\(source): \(text.prefix(60))" }
    }

    static let samples: [Sample] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures").appending(path: "secrets.tsv")
        guard let lines = try? String(contentsOf: file, encoding: .utf8).split(separator: "\n") else { return [] }
        return lines.filter { !$0.hasPrefix("#") }.compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count == 4, let secret = read(columns[2]), let text = read(columns[3]) else { return nil }
            return Sample(source: String(columns[1]), secret: columns[0] == "secret" ? secret : nil, text: text)
        }
    }()

    static let secret = samples.filter { $0.secret != nil }
    static let plain = samples.filter { $0.secret == nil }

    private static func read(_ column: Substring) -> String? {
        let text = try? JSONDecoder().decode(String.self, from: Data(column.utf8))
        return text?.replacing("¦", with: "")
    }
}
