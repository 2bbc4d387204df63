// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Texts that a program takes as data and can do nothing else with.
    static let textTypes: [OperandType] = [
        // A regular expression or a fixed text for grep and the like.
        OperandType("TEXT", "a text that does not begin with '-'") { word in
            word.utf8.first != UInt8(ascii: "-") && word.utf8.count <= 256
        },
        OperandType("FILTER", "a filter such as status=exited") { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-/:=,!<>@", first: "") && word.utf8.contains(UInt8(ascii: "="))
        },
        OperandType("DELIMITER", "one or two characters") { (1...2).contains($0.utf8.count) },
        OperandType("CHARACTERS", "a set of characters") { word in
            (1...64).contains(word.utf8.count) && word.utf8.first != UInt8(ascii: "-")
        },
        OperandType("QUOTED", "a format in quotes, without wide columns") { word in
            word.utf8.count <= 256 && !hasLongNumber(word)
        },
        OperandType("DATEFORMAT", "a date format such as +%s") { word in
            word.utf8.first == UInt8(ascii: "+") && word.utf8.count <= 64 && !hasLongNumber(word)
        },
        OperandType("EMPTY", "an empty text") { $0.isEmpty },
    ]

    /// Whether more than three digits stand in a row: in a format that is a column of so many blanks.
    static func hasLongNumber(_ text: String) -> Bool {
        var digits = 0
        return text.utf8.contains { byte in
            digits = (0x30...0x39).contains(byte) ? digits + 1 : 0
            return digits > 3
        }
    }
}
