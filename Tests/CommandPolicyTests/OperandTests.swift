// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@Suite struct OperandTests {
    /// Texts that no kind of name may ever accept.
    static let hostile = [
        "", " ", "-", "--privileged", "-v=/:/h", ".", "..", "../etc", "/", "/etc/passwd", "a/b", "a b", " web", "web ",
        "web\n", "\nweb", "web\r", "web\t", "web\u{0}", "\u{0}", "web\u{7F}", "web\u{1B}[0m", "'", "web'", "\"web\"",
        "`id`", "$(id)", "${IFS}", "$HOME", "a;b", "a&b", "a|b", "a>b", "a<b", "a*b", "a?b", "a[b]", "a{b}", "a~b", "~",
        "a!b", "a\\b", "a#b", "a=b", "a,b", "a%b", "a+b", "\u{212A}afka", "we\u{0301}b", "wеb", "ｗeb", "web\u{200B}",
        "\u{202E}bew", "web…", "web\u{2028}", "🔥", "é",
    ]

    @Test(arguments: hostile)
    func `no operand accepts a hostile text`(_ text: String) {
        #expect(throws: OperandError.self) { try ContainerName(text) }
        #expect(throws: OperandError.self) { try UnitName(text) }
        #expect(throws: OperandError.self) { try ServiceName(text) }
        // The suffix of a unit does not make a bad stem better.
        #expect(throws: OperandError.self) { try UnitName(text + ".service") }
    }

    @Test func `no operand accepts a line of the injection corpus`() throws {
        let entries = try Corpus.injections()
        #expect(entries.count >= 37)
        for entry in entries {
            #expect(throws: OperandError.self, "\(entry.id)") { try ContainerName(entry.text) }
            #expect(throws: OperandError.self, "\(entry.id)") { try UnitName(entry.text) }
            #expect(throws: OperandError.self, "\(entry.id)") { try ServiceName(entry.text) }
        }
    }

    @Test(arguments: [
        "a", "0", "web", "Web_1.2-x", "a..b", "a-", "a.", "web.service", String(repeating: "a", count: 128),
    ])
    func `a container name keeps its bytes`(_ text: String) throws {
        #expect(try ContainerName(text).text == text)
    }

    @Test(arguments: ["_web", ".web", "a@b", "a:b", String(repeating: "a", count: 129)])
    func `a container name has docker's grammar`(_ text: String) {
        #expect(throws: OperandError.self) { try ContainerName(text) }
    }

    @Test(arguments: [
        "nginx.service", "getty@tty1.service", "a:b_c-d.timer", "dev-sda.device", "x.slice", "y.automount",
        String(repeating: "a", count: 247) + ".service",
    ])
    func `a unit name keeps its bytes`(_ text: String) throws {
        #expect(try UnitName(text).text == text)
    }

    @Test(arguments: [
        "nginx", ".service", "nginx.", "nginx.Service", "nginx.service.d", "nginx.conf", "@.service",
        #"dev-disk-by\x2dlabel.device"#, String(repeating: "a", count: 248) + ".service",
    ])
    func `a unit name needs its type and is never completed`(_ text: String) {
        #expect(throws: OperandError.self) { try UnitName(text) }
    }

    @Test(arguments: ["a", "canary", "0-a", "a-", String(repeating: "a", count: 63)])
    func `a service name keeps its bytes`(_ text: String) throws {
        #expect(try ServiceName(text).text == text)
    }

    @Test(arguments: ["Canary", "a_b", "a.b", String(repeating: "a", count: 64)])
    func `a service name can be a file name`(_ text: String) {
        #expect(throws: OperandError.self) { try ServiceName(text) }
    }

    @Test func `a refusal does not repeat the untrusted text`() {
        let error = #expect(throws: OperandError.self) { try ContainerName("evil\u{1B}[2J") }
        #expect(error?.description.contains("evil") == false)
        #expect(error?.description.hasPrefix("not a container name") == true)
    }

    @Test func `a declared service needs an absolute program and no NUL`() throws {
        let name = try ServiceName("canary")
        #expect(DeclaredService(name: name, argv: ["/bin/sleep", "", "a b"])?.argv == ["/bin/sleep", "", "a b"])
        for argv in [[], [""], ["sleep"], ["./sleep"], ["~/sleep"], ["/bin/sleep", "a\u{0}b"], ["/\u{0}"]] {
            #expect(DeclaredService(name: name, argv: argv) == nil)
        }
    }
}
