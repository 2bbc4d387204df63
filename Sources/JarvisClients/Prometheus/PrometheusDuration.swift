// SPDX-License-Identifier: Apache-2.0
/// Prometheus' way of writing time spans: `1h30m`, `5m`, `500ms`.
enum PrometheusDuration {
    /// Each unit at most once and in this order; a year has 365 days, a day 24 hours.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
        ("ms", 1),
    ]

    /// Reads a span; nil for anything Prometheus itself would refuse.
    ///
    /// Zero needs no unit.
    static func parse(_ text: some StringProtocol) -> Duration? {
        if text == "0" { return .zero }
        var rest = Substring(text)
        var remainingUnits = units[...]
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let count = Int64(digits), let index = remainingUnits.firstIndex(where: { $0.name == name }) else {
                return nil
            }
            let (part, overflow) = count.multipliedReportingOverflow(by: units[index].milliseconds)
            let (sum, carried) = total.addingReportingOverflow(part)
            guard !overflow, !carried else { return nil }
            total = sum
            remainingUnits = units[(index + 1)...]
        }
        return .milliseconds(total)
    }
}
