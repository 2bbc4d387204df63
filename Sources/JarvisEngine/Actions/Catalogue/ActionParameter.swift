// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// A parameter of an action: what values it takes.
package struct ActionParameter: Sendable, Equatable {
    /// The forms of values; each value has exactly one spelling.
    package enum Form: Sendable, Equatable {
        /// A size in mebibytes (`M`) or gibibytes (`G`), within a range of mebibytes.
        case size(ClosedRange<Int>)
        /// A number of days (`d`) within a range.
        case days(ClosedRange<Int>)
        /// A name of letters, digits, `.` and `-`, beginning with a letter or a digit, at most so long.
        case name(Int)

        /// For people: `a size such as 500M, from 100M to 64G`.
        package var text: String {
            switch self {
            case .size(let range):
                "a size such as 500M, from \(Self.size(range.lowerBound)) to \(Self.size(range.upperBound))"
            case .days(let range): "an age in days such as 14d, from \(range.lowerBound)d to \(range.upperBound)d"
            case .name(let limit): "a name of letters, digits, '.' and '-', at most \(limit)"
            }
        }

        private static func size(_ mebibytes: Int) -> String {
            mebibytes % 1024 == 0 ? "\(mebibytes / 1024)G" : "\(mebibytes)M"
        }

        /// Whether a text is a value of this form.
        package func accepts(_ text: String) -> Bool {
            switch self {
            case .size(let range):
                guard let number = Self.number(text, unit: ["M": 1, "G": 1024]) else { return false }
                return range.contains(number)
            case .days(let range):
                guard let number = Self.number(text, unit: ["d": 1]) else { return false }
                return range.contains(number)
            case .name(let limit):
                guard let first = text.utf8.first, text.utf8.count <= limit else { return false }
                return Self.isLetterOrDigit(first)
                    && text.utf8.allSatisfy { Self.isLetterOrDigit($0) || ".-".utf8.contains($0) }
            }
        }

        /// One to six digits without a zero in front, and a unit.
        private static func number(_ text: String, unit factors: [String: Int]) -> Int? {
            let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
            guard (1...6).contains(digits.count), digits.first != 0x30, let number = Int(String(digits) ?? ""),
                let factor = factors[String(text.utf8.dropFirst(digits.count)) ?? ""]
            else { return nil }
            return number * factor
        }

        private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
    }

    /// Which parameter.
    package let name: Action.Parameter
    /// What its values are.
    package let form: Form
}

extension ActionSpecification {
    /// Throws what is wrong with the parameters of an action; all of them must be given, but of several just one.
    package func check(_ given: Action.Parameters) throws(ActionCatalogue.Refusal) {
        for (name, value) in given.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                throw ActionCatalogue.Refusal(
                    reason: "\(self.name.rawValue) takes no '\(name.rawValue)'"
                        + (parameters.isEmpty ? "" : "; it takes \(choice)"))
            }
            guard parameter.form.accepts(value) else {
                let shown = UntrustedText(value).display(limit: 60)
                throw ActionCatalogue.Refusal(reason: "\(name.rawValue) '\(shown)' is not \(parameter.form.text)")
            }
        }
        guard parameters.isEmpty || given.count == 1 else {
            throw ActionCatalogue.Refusal(reason: "\(name.rawValue) needs \(choice)")
        }
    }

    private var choice: String {
        let names = parameters.map { "'\($0.name.rawValue)'" }
        return names.count == 1 ? names[0] : "exactly one of \(names.joined(separator: " and "))"
    }
}
