// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct SourceRuleTests {
    static let license = "// SPDX-License-Identifier: Apache-2.0"
    static let longestFile = 500

    static func check(_ words: [BannedWord], in files: [Repository.SwiftFile]) throws {
        for word in words {
            let expression = try Regex(word.pattern)
            for file in files {
                let hits = file.code.filter { $0.text.contains(expression) }
                let allowed = word.exceptions[file.path]?.count ?? 0
                guard hits.count > allowed else { continue }
                for hit in hits {
                    Issue.record("\(file.path):\(hit.number): \(hit.text.drop { $0 == " " }): \(word.why)")
                }
            }
            for (path, exception) in word.exceptions {
                let count = files.first { $0.path == path }?.code.count { $0.text.contains(expression) } ?? 0
                #expect(count == exception.count, "\(path): the exception (\(exception.reason)) is not used as written")
            }
        }
    }

    @Test func `no source writes a word that hides a fault`() throws {
        let files = try Repository.swiftFiles(under: "Sources")
        #expect(files.count > 100)
        try Self.check(BannedWord.inSources, in: files)
    }

    @Test func `the pure targets know neither time nor chance nor the outside`() throws {
        let pure = ["CommandPolicy", "JarvisCore", "JarvisEngine"]
        try Self.check(
            BannedWord.inPureTargets,
            in: try Repository.swiftFiles(under: "Sources").filter { pure.contains($0.target) })
    }

    @Test func `each file says its licence and is short enough to be read`() throws {
        for folder in ["Sources", "Tests"] {
            for file in try Repository.swiftFiles(under: folder) {
                #expect(file.lines.first == Self.license[...], "\(file.path): its first line must be \(Self.license)")
                #expect(file.lines.count <= Self.longestFile, "\(file.path): over \(Self.longestFile) lines; split it")
            }
        }
    }

    @Test func `a file is split where a rule's words are only in a comment`() {
        let file = Repository.SwiftFile(
            path: "Sources/X/Y.swift", lines: ["// Task.detached is never used", "let a = 1  // try! no", "", "  "])
        #expect(file.code.map(\.text) == ["let a = 1  "])
        #expect(file.target == "X")
    }
}
