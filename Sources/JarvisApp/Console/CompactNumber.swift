// SPDX-License-Identifier: Apache-2.0

/// Numbers for people: four significant digits.
package enum CompactNumber {
    /// `0`, `42`, `0.01234`, `1.5e+12`; NaN and infinities by their names.
    package static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
        guard value != 0 else { return "0" }
        let magnitude = value.magnitude
        var exponent = 0
        var mantissa = magnitude
        // Steps of ten by division and multiplication: a subnormal number ends here, too.
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        var digits = Int((mantissa * 1000).rounded())
        if digits == 10_000 { (digits, exponent) = (1000, exponent + 1) }
        let sign = value < 0 ? "-" : ""
        guard (-4..<7).contains(exponent) else {
            return "\(sign)\(point(digits, after: 1))e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
        }
        if exponent >= 3 {
            return sign + String(digits) + String(repeating: "0", count: exponent - 3)
        }
        return sign + point(digits, after: exponent + 1)
    }

    /// Four digits with a point after so many of them, without zeros at the end.
    private static func point(_ digits: Int, after count: Int) -> String {
        let text = count > 0 ? String(digits) : String(repeating: "0", count: 1 - count) + String(digits)
        let whole = text.prefix(max(count, 1))
        var fraction = text.dropFirst(max(count, 1))
        while fraction.last == "0" { fraction = fraction.dropLast() }
        return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
    }
}
