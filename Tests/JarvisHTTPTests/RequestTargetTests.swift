// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Testing

@Suite struct RequestTargetTests {
    @Test func `path and query are split and decoded`() throws {
        let target = try RequestTarget("/a/b%2Dc/%C3%A4?q=up%7Bx%7D+1&empty&x=1=2&&x=%0A")
        #expect(target.path == "/a/b%2Dc/%C3%A4")
        #expect(target.segments == ["a", "b-c", "ä"])
        #expect(
            target.query == [
                HTTPQueryItem(name: "q", value: "up{x} 1"), HTTPQueryItem(name: "empty", value: ""),
                HTTPQueryItem(name: "x", value: "1=2"), HTTPQueryItem(name: "x", value: "\n"),
            ])
        #expect(try RequestTarget("/").segments == [])
        #expect(try RequestTarget("/a+b").segments == ["a+b"])
    }

    @Test(arguments: [
        "", "a", "*", "?x", "http://h/", "example.com:443", "/a b", "/a#b", "/a\\b", "/\u{7F}", "/\u{1}", "/ä", "/\0",
        "/%", "/%4", "/%zz", "/%4g", "/%00", "/a%00b", "/%2f", "/a%2Fb", "/%5c", "/%0d%0a", "/%7F", "/.", "/..",
        "/a/../b",
        "/%2e", "/%2E%2e", "/.%2e/x", "/%ff", "/%C3", "/%c0%af", "/?%", "/?a=%0", "/?%00", "/?a=%ff",
    ])
    func `a target two readers could understand differently is refused`(text: String) {
        #expect(throws: HTTPRejection(.badRequest, "the request target is invalid")) { try RequestTarget(text) }
    }

    @Test func `a target is as long as the limit and no longer`() throws {
        #expect(try RequestTarget("/" + String(repeating: "a", count: 8191)).segments.count == 1)
        #expect(throws: HTTPRejection.self) { try RequestTarget("/" + String(repeating: "a", count: 8192)) }
        do {
            _ = try RequestTarget("/aa", maximumLength: 2)
        } catch {
            #expect(error.status == .uriTooLong)
        }
    }
}
