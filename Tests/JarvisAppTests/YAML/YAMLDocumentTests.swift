// SPDX-License-Identifier: Apache-2.0

import JarvisApp
import Testing

@Suite struct `A YAML document` {
    @Test func `keeps line and column of every value, counted in characters from 1`() throws {
        let root = try read("a: 1\nb:\n  - x\n  - größe: [ü, z]\n")
        let list = try #require(root["b"])
        #expect(root["a"]?.origin == .file(YAMLMark(line: 1, column: 4)))
        #expect(list.origin == .file(YAMLMark(line: 3, column: 3)))
        guard case .sequence(let items) = list.content, case .sequence(let inner)? = items.last?["größe"]?.content
        else {
            Issue.record("not a list in a mapping in a list")
            return
        }
        #expect(inner.map(\.origin) == [.file(YAMLMark(line: 4, column: 13)), .file(YAMLMark(line: 4, column: 16))])
    }

    @Test(
        arguments: [
            ("~", .null), ("null", .null), ("", .null), ("true", .boolean(true)), ("False", .boolean(false)),
            ("no", .text("no")), ("yes", .text("yes")), ("on", .text("on")), ("off", .text("off")), ("y", .text("y")),
            ("0", .integer(0)), ("-12", .integer(-12)), ("+7", .integer(7)), ("010", .integer(10)),
            ("0x1F", .integer(31)),
            ("0o17", .integer(15)), ("0x", .text("0x")), ("0x-1", .text("0x-1")), ("1_000", .text("1_000")),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .float(9_223_372_036_854_775_808)),
            ("1.5", .float(1.5)), (".5", .float(0.5)), ("1.", .float(1)), ("1e3", .float(1000)), (".", .text(".")),
            ("1e", .text("1e")), ("-", .text("-")), ("-.inf", .float(-.infinity)), ("inf", .text("inf")),
            ("nan", .text("nan")), ("12:30:45", .text("12:30:45")), ("2026-01-01", .text("2026-01-01")),
            ("1.2.3", .text("1.2.3")), ("\"true\"", .text("true")), ("'1'", .text("1")), ("\"\"", .text("")),
            ("|\n  a\n  b\n", .text("a\nb\n")), (">-\n  a\n  b\n", .text("a b")), ("\"a\\u00e9\"", .text("aé")),
        ] as [(String, YAMLNode.Content)])
    func `reads scalars by the core schema`(text: String, expected: YAMLNode.Content) throws {
        // A dash alone would begin a list here, so it stands in one.
        #expect(try read(text == "-" ? "v: \"-\"" : "v: \(text)")["v"]?.content == expected)
    }

    @Test func `is null when there is nothing but comments`() throws {
        #expect(try read("").content == .null)
        #expect(try read("# nothing\n").content == .null)
        #expect(try read("---\n...\n").content == .null)
    }

    @Test func `may begin with a byte order mark and hold any line ends`() throws {
        let root = try YAMLDocument([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)).root
        #expect(root["a"]?.content == .integer(1))
        #expect(root["b"]?.content == .integer(2))
    }

    @Test(
        arguments: [
            ("a: &x 1\n", .unsupported("anchors (&name)"), 1, 4),
            ("a: &x [1]\n", .unsupported("anchors (&name)"), 1, 4),
            ("&x a: 1\n", .unsupported("anchors (&name)"), 1, 1),
            ("a: *x\n", .unsupported("aliases (*name)"), 1, 4),
            ("*x : 1\n", .unsupported("aliases (*name)"), 1, 1),
            ("a: !!str 1\n", .unsupported("tags (!name)"), 1, 4),
            ("a: !<tag:x> {}\n", .unsupported("tags (!name)"), 1, 4),
            ("!t a: 1\n", .unsupported("tags (!name)"), 1, 1),
            ("a:\n  <<: {b: 1}\n", .unsupported("merge keys (<<)"), 2, 3),
            ("a: 1\nb: 2\na: 3\n", .duplicateKey("a", firstLine: 1), 3, 1),
            ("a: 1\n\"a\": 3\n", .duplicateKey("a", firstLine: 1), 2, 1),
            ("[1]: 2\n", .keyIsNotText, 1, 1),
            ("a: 1\n---\nb: 2\n", .secondDocument, 2, 1),
            ("ab\u{0}c: 1\n", .controlCharacter(0), 1, 3),
            ("a: 1\nb: \u{1B}[2J\n", .controlCharacter(27), 2, 4),
            ("a: \u{85}\n", .controlCharacter(0x85), 1, 4),
        ] as [(String, YAMLError.Reason, Int, Int)])
    func `refuses what makes a text mean more than it shows`(
        text: String, reason: YAMLError.Reason, line: Int, column: Int
    ) {
        #expect(throws: YAMLError(reason: reason, mark: YAMLMark(line: line, column: column))) { try read(text) }
    }

    @Test(arguments: [
        ("a:\n\t- 1\n", 2), ("a: [1, 2\nb: 3\n", 2), ("a: b: c\n", 1), ("a: \"x\n", 2), ("a: 1\n b: 2\n", 2),
        ("%TAG ! tag:x,2000:\n---\na: !b 1\n", 3), ("a: }\n", 1),
    ])
    func `names the line of a fault in the syntax`(text: String, line: Int) {
        let error = #expect(throws: YAMLError.self) { try read(text) }
        #expect(error?.mark.line == line, "\(String(describing: error))")
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], 4), ([0x61, 0x0A, 0xC3], 1), ([0xED, 0xA0, 0x80], 1), ([0xC0, 0xAF], 1),
            ([0xFF, 0xFE, 0x61, 0x00], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
        ] as [([UInt8], Int)])
    func `refuses bytes that are not UTF-8 and says where`(bytes: [UInt8], column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(bytes) }
        #expect(error?.reason == .notUTF8)
        #expect(error?.mark.column == column)
    }

    @Test func `is not blown up by nested references`() {
        let laughs = "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n"
        let error = #expect(throws: YAMLError.self) { try read(laughs) }
        #expect(error?.reason == .unsupported("anchors (&name)"))
    }

    @Test(arguments: ["[", "{a: ", "- "]) func `refuses deep nesting long before the stack ends`(opening: String) {
        let error = #expect(throws: YAMLError.self) { try read(String(repeating: opening, count: 100_000)) }
        #expect(error?.reason == .tooDeep(limit: 64))
    }

    @Test func `accepts nesting up to the limit`() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try read(deepest) }
        #expect(throws: YAMLError.self) { try read("[\(deepest)]") }
    }

    @Test func `refuses ten megabytes without reading them`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000_000)
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(bytes) }
        #expect(error?.reason == .tooLarge(limit: 1_048_576))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["- a\n", "{a: 1}, ", "? a\n", "a", "[]: \n", "'"])
    func `reads or refuses a full file of anything in linear time`(unit: String) {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        // The time limit is what can fail: libyaml's cost must stay linear in hostile text too.
        _ = try? read(text)
    }

    private func read(_ text: String) throws(YAMLError) -> YAMLNode { try YAMLDocument(Array(text.utf8)).root }
}
