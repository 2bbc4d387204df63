// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@Suite struct ShellQuotingTests {
    static let hostile: [String] =
        [
            "", " ", "a b", "'", "''", "'\\''", "\"", "\\", "\\\\", "\\'", "a'b'c", "!", "!!", "~", "~root", "*", "?",
            "[a-z]",
            "{a,b}", "$HOME", "${HOME}", "$(id)", "`id`", "$'x'", "a\nb", "\n", "\n\n", "a\r\nb", "\t", ";", "&", "&&",
            "|",
            ">", "<", "#", "# x", "=", "a=b", "-n", "--", "-", "%s", "%n", "\\0", "\\c", "\u{1B}[31m", "é", "e\u{301}",
            "'\u{301}", "日本", "🔥", "\u{202E}", "\u{FEFF}", "\u{7F}", String(repeating: "'", count: 500),
            String(repeating: "x\n", count: 2_000),
        ] + (UInt8(1)...127).map { String(UnicodeScalar($0)) }

    static let everyByte = String(String.UnicodeScalarView((UInt8(1)...127).map { UnicodeScalar($0) }))

    @Test(arguments: Shell.installed)
    func `a real shell reads back exactly the words`(_ shell: Shell) throws {
        let words = Self.hostile + [Self.everyByte]
        let ended = try shell.run(ShellQuoting.command(["printf", "%s\\0"] + words))
        #expect(ended.status == 0)
        #expect(ended.standardError == "")
        #expect(ended.words.map { Array($0.utf8) } == words.map { Array($0.utf8) })
    }

    @Test(arguments: Shell.installed)
    func `quoted once more, as inside an envelope, they still come back`(_ shell: Shell) throws {
        let words = Self.hostile + [Self.everyByte]
        let inner = "exec " + ShellQuoting.command(["printf", "%s\\0"] + words)
        let ended = try shell.run("sh -c " + ShellQuoting.quote(inner))
        #expect(ended.words.map { Array($0.utf8) } == words.map { Array($0.utf8) })
    }

    @Test(arguments: Shell.installed)
    func `any mixture of dangerous characters comes back`(_ shell: Shell) throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("'\"\\$`!*?~#&|;<>(){}[] \n\t\r=-%é🔥a".unicodeScalars)
        let words = (0..<300).map { _ in
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0..<40, using: &random)).compactMap { _ in
                        alphabet.randomElement(using: &random)
                    }
                ))
        }
        let ended = try shell.run(ShellQuoting.command(["printf", "%s\\0"] + words))
        #expect(ended.words.map { Array($0.utf8) } == words.map { Array($0.utf8) })
    }

    @Test func `all three shells were there to ask`() {
        #expect(Shell.installed == Shell.allCases)
    }

    @Test func `a word with NUL is a programming error`() async {
        await #expect(processExitsWith: .failure) { _ = ShellQuoting.quote("a\u{0}b") }
    }
}
