// SPDX-License-Identifier: Apache-2.0

/// What the host said about one run through the marks of its envelope.
package struct EnvelopeMarks: Sendable, Equatable {
    /// The host's clock, in seconds since 1970, just before the command; nil: no begin mark arrived.
    package var beganAt: Int64?
    /// The command's exit status; nil: no end mark arrived, so how it ended is unknown.
    package var status: Int32?
    /// The host's clock, in seconds since 1970, just after the command.
    package var endedAt: Int64?

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
