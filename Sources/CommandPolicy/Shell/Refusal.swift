// SPDX-License-Identifier: Apache-2.0

/// Why a command is not run; one sentence for a person, with untrusted words shown in a harmless form.
package struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, and where possible what to write instead.
    package let reason: String

    /// Refuses for this reason.
    package init(_ reason: String) { self.reason = reason }

    /// The reason.
    package var description: String { reason }

    /// An untrusted word as it may be shown: printable ASCII, at most 60 characters, in double quotes.
    static func show(_ word: some StringProtocol) -> String {
        var shown = "\""
        for (index, scalar) in word.unicodeScalars.enumerated() {
            if index == 60 { return shown + "…\"" }
            if scalar == "\"" || scalar == "\\" {
                shown += "\\"
                shown.unicodeScalars.append(scalar)
            } else if (0x20...0x7E).contains(scalar.value) {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return shown + "\""
    }
}
