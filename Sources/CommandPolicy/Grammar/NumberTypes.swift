// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Numbers, times and amounts.
    static let numberTypes: [OperandType] = [
        OperandType("NUMBER", "a number of at most nine digits") { isNumber($0, upTo: 999_999_999) },
        OperandType("COUNT", "a number from 1 to 1000") { $0 != "0" && isNumber($0, upTo: 1000) },
        OperandType("FEW", "a number from 1 to 20") { $0 != "0" && isNumber($0, upTo: 20) },
        OperandType("SECONDS", "seconds from 0 to 3600") { isNumber($0, upTo: 3600) },
        OperandType("PORT", "a port from 1 to 65535") { $0 != "0" && isNumber($0, upTo: 65535) },
        OperandType("SIGNED", "a number with + or -") { word in
            let digits = word.first == "+" || word.first == "-" ? String(word.dropFirst()) : word
            return isNumber(digits, upTo: 999_999_999)
        },
        OperandType("DECIMAL", "a decimal number") { word in
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count <= 2 && parts.allSatisfy { isNumber(String($0), upTo: 999_999) }
        },
        OperandType("DURATION", "a duration such as 30s, 10m or 3d") { word in
            word.utf8.count <= 16 && isAmounts(word, units: ["ns", "us", "ms", "s", "sec", "m", "min", "h", "d", "w"])
        },
        OperandType("SIZE", "a size such as 100M") { word in
            word.utf8.count <= 12 && isAmounts(word, units: sizeUnits)
        },
        OperandType("FINDSIZE", "a size such as +100M") { word in
            let amount = word.first == "+" || word.first == "-" ? String(word.dropFirst()) : word
            return amount.utf8.count <= 12 && isAmounts(amount, units: ["", "c", "k", "M", "G", "b", "w"])
        },
        // "-15min", "10m", "2 hours ago", "2026-01-31 12:00:00", "yesterday": never read as an option, because it
        // follows one that takes a value.
        OperandType("TIME", "a point in time") { word in
            word.utf8.count <= 40 && word.isMade(of: " :+.-", first: "-+@") && word != "-"
        },
        OperandType("PERCENT", "a part such as 5% or 1/10") { word in
            word.utf8.count <= 8 && word.isMade(of: "%/.", first: "")
        },
        OperandType("RANGE", "field numbers such as 1,3-5") { word in
            word.utf8.count <= 32
                && word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ",") || $0 == 0x2D }
                && !word.isEmpty
        },
        OperandType("SORTKEY", "a sort key such as 2,2n") { word in
            word.utf8.count <= 24 && word.isMade(of: ",.", first: "") && isDigit(word.utf8.first)
        },
        OperandType("SIGNAL", "a signal's name or number") { word in
            word.utf8.count <= 12 && word.isMade(of: "+", first: "")
        },
    ]

    private static let sizeUnits: Set<String> = [
        "", "b", "k", "m", "g", "t", "c", "K", "M", "G", "T", "B", "KB", "MB", "GB", "kb", "mb", "gb",
    ]

    private static func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } == true }

    private static func isNumber(_ word: String, upTo maximum: Int) -> Bool {
        guard (1...9).contains(word.utf8.count), word.utf8.allSatisfy({ isDigit($0) }), let number = Int(word) else {
            return false
        }
        return number <= maximum
    }

    /// One or more numbers, each with one of these units: `90`, `1h30m`.
    private static func isAmounts(_ word: String, units: Set<String>) -> Bool {
        var rest = Substring(word)
        var isFirst = true
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard (1...9).contains(digits.count) else { return false }
            guard units.contains(String(unit)) || (unit.isEmpty && isFirst && rest.isEmpty) else { return false }
            isFirst = false
        }
        return !isFirst
    }
}
