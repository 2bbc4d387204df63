// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct ImportTests {
    /// The module that a line imports; nil for every other line.
    static func module(in line: Substring) -> String? {
        // Most lines are none; a regular expression for each of them takes seconds.
        guard line.contains("import") else { return nil }
        let access = #"(?:(?:package|internal|fileprivate|private|public)\s+)?"#
        let kind = #"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?"#
        guard let expression = try? Regex(#"^\s*(?:@\w+\s+)*"# + access + #"(?:@\w+\s+)*import\s+"# + kind + #"(\w+)"#),
            let match = line.firstMatch(of: expression)
        else { return nil }
        return match.output[1].substring.map(String.init)
    }

    @Test func `an import is recognised in every spelling`() {
        let lines: [(Substring, String?)] = [
            ("import A", "A"), ("package import A", "A"), ("  internal import B", "B"), ("@testable import C", "C"),
            ("@preconcurrency package import D", "D"), ("package @preconcurrency import D", "D"),
            ("import struct E.F", "E"), ("private import A.B", "A"), ("let important = 1", nil), ("imports A", nil),
            ("#if canImport(Glibc)", nil), ("\"import A\"", nil),
        ]
        for (line, module) in lines { #expect(Self.module(in: line) == module, "\(line)") }
    }

    /// Catches what the manifest can't: a module that is only there because another target brings it.
    @Test func `no file imports a module that its target may not see`() throws {
        var seen: Set<String> = []
        for file in try Repository.swiftFiles(under: "Sources") {
            guard let rule = TargetRule.all[file.target] else {
                Issue.record("\(file.path): its target is in no rule of TargetRule.all")
                continue
            }
            seen.insert(file.target)
            for (number, line) in file.code {
                guard let module = Self.module(in: line), !rule.mayImport.contains(module) else { continue }
                Issue.record("\(file.path):\(number): \(file.target) must not import \(module): \(rule.why)")
            }
        }
        #expect(seen == Set(TargetRule.all.keys))
    }
}
