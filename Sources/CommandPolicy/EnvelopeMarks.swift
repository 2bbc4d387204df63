// SPDX-License-Identifier: Apache-2.0

/// What the host said about one run through the marks of its envelope.
package struct EnvelopeMarks: Sendable, Equatable {
    /// The host's clock, in seconds since 1970, just before the command; nil: no begin mark arrived.
    package var beganAt: Int64?
    /// The command's exit status; nil: no end mark arrived, so how it ended is unknown.
    package var status: Int32?
    /// The host's clock, in seconds since 1970, just after the command.
    package var endedAt: Int64?
    /// Why a guard refused it, as the guard put it; nil: it did not, or nothing that can be believed says so.
    package var refusal: String?

    /// The marks as a guard prints them; `Envelope.line` has the shell print the same.
    package static func begin(nonce: String, at seconds: Int64) -> String { "jarvis1 \(nonce) begin \(seconds)\n" }

    /// The end mark, on a line of its own whatever was printed before it.
    package static func end(nonce: String, status: Int32, at seconds: Int64) -> String {
        "\njarvis1 \(nonce) end \(status) \(seconds)\n"
    }

    /// What a guard prints instead of both: nothing was begun, and nothing will be.
    package static func refused(nonce: String, reason: String) -> String { "jarvis1 \(nonce) refused \(reason)\n" }

    /// Takes the marks of `nonce` out of standard error and returns them with the remaining text.
    ///
    /// Lines that look like marks but carry another nonce, a second end mark or malformed numbers stay in the text:
    /// a command could print them, but it can't know the nonce.
    package static func extract(nonce: String, from standardError: String) -> (marks: EnvelopeMarks, text: String) {
        var marks = EnvelopeMarks()
        var kept: [Substring] = []
        // By scalar, not by character: after a carriage return (progress bars end so) both are one character.
        for scalars in standardError.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = Substring(scalars)
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            if words.count == 4, words[0] == "jarvis1", words[1] == nonce, words[2] == "begin", marks.beganAt == nil,
                let seconds = number(words[3])
            {
                marks.beganAt = seconds
            } else if words.count == 5, words[0] == "jarvis1", words[1] == nonce, words[2] == "end",
                marks.status == nil,
                let status = number(words[3]), (0...255).contains(status), let seconds = number(words[4])
            {
                marks.status = Int32(status)
                marks.endedAt = seconds
                // The envelope itself put a line break before the end mark.
                if kept.last?.isEmpty == true { kept.removeLast() }
            } else if words.count >= 4, words[0] == "jarvis1", words[1] == nonce, words[2] == "refused",
                marks.beganAt == nil, marks.refusal == nil
            {
                marks.refusal = words[3...].joined(separator: " ")
            } else {
                kept.append(line)
            }
        }
        return (marks, kept.joined(separator: "\n"))
    }

    /// Digits only: `Int64` itself would also read a sign.
    private static func number(_ word: Substring) -> Int64? {
        word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(word) : nil
    }
}
