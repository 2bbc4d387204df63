// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Testing

@Suite struct UntrustedTextTests {
    static let table: [(String, String)] = [
        ("plain é 日本 🔥", "plain é 日本 🔥"), ("a\nb\rc\td", "a�b�c�d"), ("\u{1B}[31mred\u{1B}[0m", "�[31mred�[0m"),
        ("\u{9B}31m", "�31m"), ("\u{0}\u{7F}\u{85}", "���"), ("\u{202E}txt.exe", "�txt.exe"),
        ("\u{2066}a\u{2069}", "�a�"), ("a\u{200B}b\u{FEFF}c\u{200D}d", "a�b�c�d"), ("\u{2028}\u{2029}", "��"),
        ("\u{E000}\u{F0000}", "��"), ("\u{E0041}", "�"), ("", ""), ("<script>", "<script>"),
    ]

    @Test(arguments: table)
    func `what a terminal or a reader could act on is replaced`(_ text: String, _ shown: String) {
        #expect(UntrustedText(text).display() == shown)
    }

    @Test func `it is one line of bounded length whatever comes`() {
        let long = String(repeating: "é\n\u{202E}", count: 100_000)
        for limit in [0, 1, 5, 200] {
            let shown = UntrustedText(long).display(limit: limit)
            #expect(shown.unicodeScalars.count == limit + 1)
            #expect(shown.hasSuffix("…"))
            #expect(!shown.contains { $0.isNewline })
        }
        #expect(UntrustedText("abc").display(limit: 3) == "abc")
        #expect(
            UntrustedText(String(repeating: "e\u{301}", count: 1_000)).display(limit: 10).unicodeScalars.count == 11)
    }

    @Test func `no control or format character of Unicode survives`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let category = scalar.properties.generalCategory
            guard category == .control || category == .format || value == 0x2028 || value == 0x2029 else { continue }
            #expect(UntrustedText(String(scalar)).display() == "\u{FFFD}")
        }
    }

    @Test func `it is stored byte for byte`() throws {
        for (text, _) in Self.table {
            let again = try JSONDecoder().decode(UntrustedText.self, from: JSONEncoder().encode(UntrustedText(text)))
            #expect(Array(again.verbatim.utf8) == Array(text.utf8))
        }
    }
}
