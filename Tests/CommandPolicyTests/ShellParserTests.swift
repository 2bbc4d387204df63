// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@Suite struct ShellParserTests {
    struct Row: CustomStringConvertible, Sendable {
        let text: String
        let words: [[String]]
        var description: String { text }
        init(_ text: String, _ words: [String]...) {
            self.text = text
            self.words = words
        }
    }

    static let accepted = [
        Row("docker ps", ["docker", "ps"]),
        Row("  docker   ps  ", ["docker", "ps"]),
        Row("a 'b c' \"d e\"", ["a", "b c", "d e"]),
        Row("a '' \"\"", ["a", "", ""]),
        Row("a b'c'\"d\"e", ["a", "bcde"]),
        Row(#"a 'b\c' "b\c" "b\"c" "b\\c" "b\$c""#, ["a", #"b\c"#, #"b\c"#, #"b"c"#, #"b\c"#, "b$c"]),
        Row("a '$HOME `id` $(id) ; | & > <'", ["a", "$HOME `id` $(id) ; | & > <"]),
        Row("a 2>&1", ["a"]), Row("a >/dev/null 2>&1", ["a"]), Row("a > /dev/null", ["a"]),
        Row("a </dev/null b", ["a", "b"]),
        Row("a 1>/dev/null 2>/dev/null|b", ["a"], ["b"]),
        Row("a|b && c;d||e", ["a"], ["b"], ["c"], ["d"], ["e"]),
        Row("a b=c", ["a", "b=c"]), Row("a 2 >/dev/null", ["a", "2"]), Row("a x2>/dev/null", ["a", "x2"]),
        Row("a '2'>/dev/null", ["a", "2"]),
    ]

    @Test(arguments: accepted)
    func `words are those that a shell would see`(_ row: Row) throws {
        let list = try CommandList(parsing: row.text)
        #expect(list.pipelines.flatMap(\.commands).map(\.words) == row.words)
        #expect(try CommandList(parsing: list.canonical) == list)
    }

    @Test(arguments: [
        "", " ", "|", "a |", "| a", "a ||", "a &&", ";", "a ;", "a ;; b", "a & b", "a &", "a |& b", "a | | b",
        "a > b", "a >> /dev/null", "a >/dev/nullx", "a 3>/dev/null", "a 2>/dev/sda", "a >&2", "a 1>&2", "a <b", "a <<b",
        "a <<<b",
        "a &>/dev/null", "a >|/dev/null", "a <>/dev/null", "a 2>&1x", "a 22>&1",
        "a $b", "a ${b}", "a $(b)", "a `b`", "a \"$b\"", "a \"`b`\"", "$a", "a $'b'", "a $\"b\"",
        "a *", "a ?", "a [b]", "a ~", "a ~root", "a b~c", "a {b,c}", "(a)", "{ a; }", "a() { b; }", "a # b", "#", "! a",
        "a !b",
        "a ^b", "a=b", "a=b c", "'a=b' c", "a\\ b", "a \\b", "a 'b", "a \"b", "a \"b\\", "a\nb", "a\rb", "a\tb",
        "a\u{0}b",
        "a 'b\nc'", "a \"b\tc\"", "a \u{a0}b", "a é", "a 'é'", "а", "a\u{200b}b", "a \u{2028}b", "a \u{7f}",
    ])
    func `everything else is refused`(_ text: String) {
        #expect(throws: Refusal.self) { try CommandList(parsing: text) }
    }

    @Test func `sizes are bounded`() throws {
        #expect(throws: Refusal.self) { try CommandList(parsing: "a " + String(repeating: "b", count: 1025)) }
        #expect(throws: Refusal.self) { try CommandList(parsing: String(repeating: "a ", count: 65)) }
        #expect(throws: Refusal.self) {
            try CommandList(parsing: Array(repeating: "a", count: 7).joined(separator: "|"))
        }
        #expect(throws: Refusal.self) {
            try CommandList(parsing: Array(repeating: "a", count: 9).joined(separator: ";"))
        }
        #expect(throws: Refusal.self) { try CommandList(parsing: "a " + String(repeating: "'' ", count: 2000)) }
        _ = try CommandList(parsing: "a " + String(repeating: "b", count: 1024))
    }

    @Test func `a refusal shows hostile words harmlessly`() throws {
        let refusal = #expect(throws: Refusal.self) { try ShippedPolicyText.judge("\u{1B}[2Jevil") }
        #expect(refusal?.reason.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) } == true)
    }
}
