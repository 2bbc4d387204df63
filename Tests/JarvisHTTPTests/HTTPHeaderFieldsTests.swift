// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Testing

@Suite struct HTTPHeaderFieldsTests {
    @Test func `names are compared without case and keep all their values`() {
        var fields: HTTPHeaderFields = ["Set-Cookie": "a", "X": "1"]
        fields.add("set-cookie", "b")
        #expect(fields["SET-COOKIE"] == "a")
        #expect(fields.values(of: "Set-cookie") == ["a", "b"])
        fields["set-Cookie"] = "c"
        #expect(fields.values(of: "set-cookie") == ["c"])
        fields["x"] = nil
        #expect(fields["X"] == nil)
    }

    @Test func `lists are split over all lines`() {
        var fields: HTTPHeaderFields = ["Connection": " Keep-Alive ,\tclose,,"]
        fields.add("connection", "TE")
        #expect(fields.elements(of: "Connection") == ["keep-alive", "close", "te"])
    }

    @Test(arguments: [
        ("", "x"), ("a b", "x"), ("a:", "x"), ("ä", "x"), ("a\r", "x"), ("a", "x\r\ny: z"), ("a", "\0"), ("a", "\n"),
        ("a", "\u{7F}"), ("a", "\u{1B}[0m"),
    ])
    func `a field that could break out of its line is invalid`(name: String, value: String) {
        #expect(!HTTPHeaderFields.Field(name: name, value: value).isValid)
    }

    @Test func `ordinary fields are valid`() {
        #expect(HTTPHeaderFields.Field(name: "x-A_1!", value: "").isValid)
        #expect(HTTPHeaderFields.Field(name: "a", value: "b\tc ä").isValid)
    }
}
