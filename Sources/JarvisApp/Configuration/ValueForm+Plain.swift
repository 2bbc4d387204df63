// SPDX-License-Identifier: Apache-2.0

extension ValueForm where Value == String {
    /// One line of text that is not empty.
    static let line = ValueForm.text("text") { (text) throws(ValueProblem) in
        guard !text.isEmpty else { throw .refused("must not be empty") }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw .refused("must be one line without control characters")
        }
        return text
    }
}

extension ValueForm where Value == Bool {
    /// `true` or `false`.
    static let boolean = ValueForm("true or false") { (node) throws(ValueProblem) in
        if case .boolean(let value) = node.typed { return value }
        switch node.text?.lowercased() {
        case "yes", "on": throw .mismatchMeaning("true")
        case "no", "off": throw .mismatchMeaning("false")
        default: throw .mismatch
        }
    }
}

extension ValueForm where Value == Int {
    /// A whole number within a range.
    static func whole(_ range: ClosedRange<Int>) -> Self {
        ValueForm("a whole number") { (node) throws(ValueProblem) in
            guard case .integer(let value) = node.typed else { throw .mismatch }
            guard range.contains(value) else {
                throw .refused("must be between \(range.lowerBound) and \(range.upperBound), not \(value)")
            }
            return value
        }
    }

    /// A size in bytes such as `8MiB`, within a range.
    static func size(_ range: ClosedRange<Int>) -> Self {
        ValueForm.text("a size such as 512KiB or 8MiB") { (text) throws(ValueProblem) in
            let (number, unit) = splitUnit(text)
            let factors = ["B": 1, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824]
            guard let number, let factor = factors[unit] else {
                let meant = ["K": "KiB", "KB": "KiB", "M": "MiB", "MB": "MiB", "G": "GiB", "GB": "GiB"]
                if let number, let better = meant[unit.uppercased()] { throw .mismatchMeaning("\(number)\(better)") }
                throw .mismatch
            }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, range.contains(bytes) else {
                throw .refused("must be between \(range.lowerBound) and \(range.upperBound) bytes")
            }
            return bytes
        }
    }
}

extension ValueForm where Value == Double {
    /// A number from 0 to 1.
    static let fraction = ValueForm("a number from 0 to 1") { (node) throws(ValueProblem) in
        let value: Double
        switch node.typed {
        case .float(let number): value = number
        case .integer(let number): value = Double(number)
        default: throw .mismatch
        }
        guard (0...1).contains(value) else { throw .mismatch }
        return value
    }
}

extension ValueForm where Value == Duration {
    /// A time such as `30s`, `5m`, `4h` or `30d`, within a range of seconds.
    static func duration(_ seconds: ClosedRange<Int>) -> Self {
        ValueForm("a time such as 30s, 5m, 4h or 30d") { (node) throws(ValueProblem) in
            if case .integer(let number) = node.typed { throw .mismatchMeaning("\(number)s") }
            guard let text = node.text else { throw .mismatch }
            let (number, unit) = splitUnit(text)
            guard let number, let factor = ["s": 1, "m": 60, "h": 3600, "d": 86400][unit] else { throw .mismatch }
            let (value, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, seconds.contains(value) else {
                let range = "\(inWords(seconds.lowerBound)) and \(inWords(seconds.upperBound))"
                throw .refused("must be between \(range), not \(text)")
            }
            return .seconds(value)
        }
    }
}

extension ValueForm where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of an enumeration's words.
    static var word: Self {
        let words = Value.allCases.map(\.rawValue)
        return ValueForm.text("one of \(words.joined(separator: ", "))") { (text) throws(ValueProblem) in
            if let value = Value(rawValue: text) { return value }
            if let near = Suggestion.nearest(to: text, among: words) { throw .mismatchMeaning(near) }
            throw .mismatch
        }
    }
}

private func splitUnit(_ text: String) -> (number: Int?, unit: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    return (Int(digits), String(text.dropFirst(digits.count)))
}

private func inWords(_ seconds: Int) -> String {
    for (unit, factor) in [("d", 86400), ("h", 3600), ("m", 60)] where seconds > 0 && seconds % factor == 0 {
        return "\(seconds / factor)\(unit)"
    }
    return "\(seconds)s"
}
