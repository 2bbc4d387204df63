// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

struct PromQLSelectorTests {
    @Test(arguments: [
        "", "plain", "a\"b", "a\\b", "\\", "\"}", "x\"} or vector(1) #", "line\nbreak", "tab\t", "nul\0", "\u{7F}",
        "ä漢🙂",
        "$1", "{{ $labels.x }}", "a|b", ".*",
    ])
    func `a value stays a value`(value: String) throws {
        let matcher = try #require(PromQLSelector.Matcher("l", .equal, value))
        let selector = try #require(PromQLSelector(metric: "m", matchers: [matcher]))
        let found = PromQLSelectors("\(selector)")
        #expect(found.presence == .derivable)
        #expect(found.uses.map(\.selector) == [selector])
    }

    @Test(arguments: ["", "a-b", "a.b", "1a", "a b", "a\"", "ä", "a:b", "a\n"])
    func `a label name that is none is refused`(name: String) {
        #expect(PromQLSelector.Matcher(name, .equal, "v") == nil)
    }

    @Test(arguments: ["", "a-b", "a.b", "1a", "a{", "ä"])
    func `a metric name that is none is refused`(name: String) {
        #expect(PromQLSelector(metric: name) == nil)
    }

    @Test func `a selector without any condition is refused`() {
        #expect(PromQLSelector(metric: nil) == nil)
    }

    @Test func `a label that may be missing becomes an anchored alternative`() throws {
        let matcher = try #require(PromQLSelector.Matcher.equalIfPresent("l", "a.b|c"))
        #expect(PromQLSelector(metric: "m", matchers: [matcher])?.description == #"m{l=~"a\\.b\\|c|"}"#)
    }
}
