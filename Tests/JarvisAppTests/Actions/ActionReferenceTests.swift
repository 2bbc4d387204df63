// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisApp
import JarvisCore
import Testing

@Suite struct `The reference of actions` {
    private static var page: String {
        get throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let data = try #require(FileManager.default.contents(atPath: "\(root.path)/docs/ACTIONS.md"))
            return String(decoding: data, as: UTF8.self)
        }
    }

    @Test func `in docs is the catalogue, and its example is what is printed`() throws {
        let page = try Self.page
        #expect(
            page.hasSuffix("\n" + ActionReference.markdown),
            "docs/ACTIONS.md must end with this table:\n\(ActionReference.markdown)")
        let shown = try #require(ActionReference.named("journal.vacuum").action).lines.map { line in
            line.label + String(repeating: " ", count: max(1, 13 - line.label.count)) + line.text
        }
        #expect(page.contains("$ jarvis actions show journal.vacuum\n\(shown.joined(separator: "\n"))\n```"))
    }

    @Test func `names every action, and what a mistyped name means`() {
        #expect(ActionReference.all.map(\.name) == Action.Name.typed.map(\.rawValue))
        #expect(ActionReference.named("unit.restart").action?.command == "systemctl restart NAME")
        #expect(ActionReference.named("service.start").action?.command == nil)
        let near = ActionReference.named("unit.restrat")
        #expect(near.action == nil && near.suggestion == "unit.restart")
        #expect(ActionReference.named("command").action == nil)
    }
}
