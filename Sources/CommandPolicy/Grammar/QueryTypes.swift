// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Small languages inside one word, each in a part of it that can only read.
    static let queryTypes: [OperandType] = [
        OperandType("SQL", "a statement that only reads, in the part of SQL that is understood") {
            StatementGrammar.reads($0)
        },
        OperandType("SQLMAINTENANCE", "ANALYZE or VACUUM, a checkpoint, or a reload of the configuration") {
            StatementGrammar.maintains($0)
        },
        OperandType("SQLINTERRUPTION", "the end of one session, or tables built anew") {
            StatementGrammar.interrupts($0)
        },
        OperandType("SED", "a sed script that only replaces, deletes or picks lines") { FilterProgram.isSed($0) },
        OperandType("SEDPRINT", "a sed script that only picks lines, such as 1,5p") { FilterProgram.isSedPrint($0) },
        // Neither begins with '@': kingpin would read words from the file named behind it.
        OperandType("PROMQL", "a query of letters, digits, selectors and operators") { word in
            (1...512).contains(word.utf8.count) && word.utf8.first != UInt8(ascii: "-")
                && word.utf8.allSatisfy { isASCIILetterOrDigit($0) || "_:{}[]()=~!\"',.+-*/<> %^|?$".utf8.contains($0) }
        },
        OperandType("MATCHER", "a matcher such as alertname=ContainerDown") { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-=~!\":/+*|()^$[]?, ", first: "_") && word.contains("=")
        },
    ]
}
