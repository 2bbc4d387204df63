// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@Suite struct EnvelopeMarksTests {
    static let nonce = EnvelopeTests.nonce

    struct Row: CustomStringConvertible, Sendable {
        let what: String
        let from: String
        let began: Int64?
        let status: Int32?
        let ended: Int64?
        let text: String
        var description: String { what }

        init(_ what: String, _ from: String, _ began: Int64?, _ status: Int32?, _ ended: Int64?, _ text: String) {
            self.what = what
            self.from = from.replacing("@", with: "jarvis1 " + EnvelopeMarksTests.nonce)
            self.began = began
            self.status = status
            self.ended = ended
            self.text = text.replacing("@", with: "jarvis1 " + EnvelopeMarksTests.nonce)
        }
    }

    static let rows = [
        Row("nothing", "", nil, nil, nil, ""),
        Row("both marks and nothing else", "@ begin 5\n\n@ end 0 6\n", 5, 0, 6, ""),
        Row("text between", "@ begin 5\nhello\n@ end 3 6\n", 5, 3, 6, "hello\n"),
        Row("text without an end", "@ begin 5\nhello\n\n@ end 3 6\n", 5, 3, 6, "hello\n"),
        Row("a banner before", "Welcome\n@ begin 5\n\n@ end 0 6\n", 5, 0, 6, "Welcome\n"),
        Row("no end", "@ begin 5\nhello", 5, nil, nil, "hello"),
        Row("no begin", "\n@ end 0 6\n", nil, 0, 6, ""),
        Row("cut in the end mark", "@ begin 5\n@ end 0", 5, nil, nil, "@ end 0"),
        Row("a second end is text", "@ end 1 6\n@ end 0 7\n", nil, 1, 6, "@ end 0 7\n"),
        Row("a second begin is text", "@ begin 5\n@ begin 6\n", 5, nil, nil, "@ begin 6\n"),
        Row("behind a carriage return", "x\r\n@ end 0 6\n", nil, 0, 6, "x\r\n"),
        Row("status above 255", "@ end 256 6\n", nil, nil, nil, "@ end 256 6\n"),
        Row("negative status", "@ end -1 6\n", nil, nil, nil, "@ end -1 6\n"),
        Row("signed status", "@ end +0 6\n", nil, nil, nil, "@ end +0 6\n"),
        Row("signed time", "@ end 0 +6\n", nil, nil, nil, "@ end 0 +6\n"),
        Row("no number", "@ end x 6\n", nil, nil, nil, "@ end x 6\n"),
        Row("overflow", "@ begin 99999999999999999999\n", nil, nil, nil, "@ begin 99999999999999999999\n"),
        Row("indented", " @ end 0 6\n", nil, nil, nil, " @ end 0 6\n"),
        Row("a word more", "@ end 0 6 7\n", nil, nil, nil, "@ end 0 6 7\n"),
        Row("two spaces", "@ end  0 6\n", nil, nil, nil, "@ end  0 6\n"),
        Row("a trailing space", "@ end 0 6 \n", nil, nil, nil, "@ end 0 6 \n"),
        Row("inside a line", "x @ end 0 6\n", nil, nil, nil, "x @ end 0 6\n"),
    ]

    @Test(arguments: rows)
    func `marks are taken out and nothing else`(_ row: Row) {
        let (marks, text) = EnvelopeMarks.extract(nonce: Self.nonce, from: row.from)
        #expect(marks.beganAt == row.began)
        #expect(marks.status == row.status)
        #expect(marks.endedAt == row.ended)
        #expect(text == row.text)
    }

    @Test func `marks of another run are text`() {
        let other = "jarvis1 \(String(repeating: "f", count: 32)) end 0 6\n"
        let (marks, text) = EnvelopeMarks.extract(nonce: Self.nonce, from: other)
        #expect(marks.beganAt == nil && marks.status == nil && marks.endedAt == nil)
        #expect(text == other)
    }
}
