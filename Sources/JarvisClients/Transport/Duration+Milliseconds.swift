// SPDX-License-Identifier: Apache-2.0
extension Duration {
    /// Whole milliseconds, rounded up and at least one, because libcurl takes zero for "no limit".
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000_000 else { return 1_000_000_000_000 }
        let roundedUp = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, Int(seconds) * 1000 + Int(roundedUp))
    }

    /// Whole seconds, rounded up and at least one.
    var wholeSeconds: Int { max(1, (wholeMilliseconds + 999) / 1000) }
}
