// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisEngine
import Testing

@Suite struct RestraintTableTests {
    @Test func `the table for operators has every sign with its weight`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let document = try String(contentsOf: root.appendingPathComponent("docs/RESTRAINT.md"), encoding: .utf8)
        let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for sign in RestraintSign.allCases {
            #expect(rows.contains { $0.hasPrefix("| `\(sign.rawValue)` | \(sign.weight) |") }, "\(sign)")
        }
        #expect(rows.count == RestraintSign.allCases.count)
    }
}
