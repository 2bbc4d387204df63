// SPDX-License-Identifier: Apache-2.0

/// Text that came from outside: a label, an annotation, a log line, a command's output.
///
/// It is data. It leaves this type only through a function that makes it safe for one place; there is none that
/// turns it into a command.
package struct UntrustedText: Sendable, Hashable, Codable {
    /// The text as it came, for comparing and storing only.
    package let verbatim: String

    /// Wraps text from outside.
    package init(_ verbatim: String) { self.verbatim = verbatim }

    /// Stored as a plain string.
    package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    /// Stored as a plain string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(verbatim)
    }

    /// One line for a person: control characters and bidirectional overrides become U+FFFD, at most `limit` characters.
    package func display(limit: Int = 200) -> String {
        var shown = ""
        var count = 0
        for scalar in verbatim.unicodeScalars {
            guard count < limit else { return shown + "…" }
            shown.unicodeScalars.append(scalar.isSafeToDisplay ? scalar : "\u{FFFD}")
            count += 1
        }
        return shown
    }

    /// Several lines for a person: made safe like `display`, line breaks kept, the last `limit` characters of them.
    package func displayEnd(limit: Int) -> String {
        let lines = verbatim.split(separator: "\n", omittingEmptySubsequences: false)
            .map { UntrustedText(String($0.replacing("\t", with: " "))).display(limit: limit) }
        let scalars = lines.joined(separator: "\n").unicodeScalars
        guard scalars.count > limit else { return String(scalars) }
        return "…" + String(String.UnicodeScalarView(scalars.suffix(limit)))
    }
}

extension Unicode.Scalar {
    var isSafeToDisplay: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
