// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisTestSupport
import Testing

@Suite struct MetamorphicTests {
    private static let hidden: [UnicodeScalar] = [
        "\u{0}", "\t", "\n", "\r", "\u{B}", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{200B}", "\u{202E}", "\u{2028}",
        "\u{FEFF}", "\u{FF1B}", "\u{37E}", "\u{430}",
    ]

    /// Splits a text in two places that move through it with `seed`.
    private func parts(_ text: String, _ seed: Int) -> (String, String, String) {
        let scalars = Array(text.unicodeScalars)
        let first = seed * 7 % (scalars.count + 1)
        let second = min(scalars.count, first + 1 + seed % 3)
        func slice(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        return (slice(0..<first), slice(first..<second), slice(second..<scalars.count))
    }

    @Test func `a control or foreign character anywhere makes any command forbidden`() throws {
        let policy = try ShippedPolicy.get()
        let commands = try Corpus.adversarial().map(\.command) + Corpus.legitimate().map(\.command)
        for (index, command) in commands.enumerated() where command.utf8.count < 200 {
            for offset in 0..<2 {
                let (before, middle, after) = parts(command, index + offset * 11)
                let scalar = Self.hidden[(index + offset) % Self.hidden.count]
                let text = before + String(scalar) + middle + after
                #expect(ShippedPolicyText.classOf(text, policy) == .forbidden, "\(text.debugDescription)")
            }
        }
    }

    @Test func `quotes and escapes change nothing: what counts are the words they leave`() throws {
        let policy = try ShippedPolicy.get()
        for (index, entry) in try Corpus.adversarial().enumerated() where entry.command.utf8.count < 200 {
            for offset in 0..<2 {
                let (before, middle, after) = parts(entry.command, index + offset * 13)
                for text in [
                    before + "''" + middle + after, before + "\"\"" + middle + after,
                    before + "'" + middle + "'" + after,
                    before + "\"" + middle + "\"" + after, before + "\\" + middle + after,
                    before + " " + middle + after,
                ] {
                    guard let list = try? CommandList(parsing: text) else {
                        #expect(ShippedPolicyText.classOf(text, policy) == .forbidden)
                        continue
                    }
                    let found = ShippedPolicyText.classOf(text, policy)
                    #expect(found == ShippedPolicyText.classOf(list.canonical, policy), "\(text.debugDescription)")
                    // Where the words stay the same, so does the judgement.
                    if let original = try? CommandList(parsing: entry.command), original == list {
                        #expect(entry.isMet(by: found), "\(entry.id): \(text.debugDescription)")
                    }
                }
            }
        }
    }

    @Test func `what is accepted may be quoted in full and stays the same`() throws {
        let policy = try ShippedPolicy.get()
        for entry in try Corpus.legitimate() {
            guard let list = try? CommandList(parsing: entry.command), list.isSimple,
                let words = list.pipelines.first?.commands.first?.words, words.allSatisfy({ !$0.contains("\"") })
            else { continue }
            let quoted = words.map { "\"\($0.replacing("\\", with: "\\\\").replacing("$", with: "\\$"))\"" }
                .joined(separator: "  ")
            guard list.pipelines[0].commands[0].redirections.isEmpty else { continue }
            #expect(
                ShippedPolicyText.classOf(quoted, policy) == ShippedPolicyText.classOf(entry.command, policy),
                "\(quoted)")
        }
    }
}
