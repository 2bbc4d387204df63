// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Output templates of Go programs (text/template) in the part that can only pick fields.
    static let templateTypes: [OperandType] = [
        // Of lists (ps, stats, images), whose fields are names, states and numbers.
        OperandType("TEMPLATE", "an output template that only picks fields") {
            GoTemplate.picksFields($0, mayPickWholeObjects: true)
        },
        // Of a whole object, where environment, arguments and labels often hold passwords.
        OperandType("INSPECTION", "an output template that picks no environment, arguments or whole objects") {
            GoTemplate.picksFields($0, mayPickWholeObjects: false)
        },
    ]
}

/// The part of text/template that is understood: fields, loops and conditions over them, a few functions.
enum GoTemplate {
    /// Whether every action of a template only picks fields; with or without those that may hold secrets.
    static func picksFields(_ text: String, mayPickWholeObjects: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...1024).contains(bytes.count), bytes[0] != UInt8(ascii: "-") else { return false }
        var index = 0
        var start: Int?
        while index + 1 < bytes.count {
            let isPair = bytes[index] == bytes[index + 1]
            if isPair, bytes[index] == UInt8(ascii: "{"), start == nil {
                start = index + 2
                index += 2
            } else if isPair, bytes[index] == UInt8(ascii: "}") {
                guard let first = start, isAction(bytes[first..<index], mayPickWholeObjects) else { return false }
                start = nil
                index += 2
            } else {
                index += 1
            }
        }
        return start == nil
    }

    private static let functions: Set<String> = [
        "json", "if", "else", "end", "range", "with", "eq", "ne", "lt", "gt", "len", "not", "and", "or", "println",
        "join", "index", "upper", "lower", "title", "truncate", "pad",
    ]
    private static let secretFields: Set<String> = [
        "Env", "Args", "Cmd", "Entrypoint", "Labels", "Label", "ExecIDs", "Spec", "PreviousSpec", "Data", "Options",
    ]
    private static let wholeObjects: Set<String> = [".", ".Config", ".HostConfig", "$", ".ContainerConfig"]
    private static let comparedTexts: Set<String> = ["\"running\"", "\"healthy\"", "\"unhealthy\"", "\"exited\""]

    /// Words between `{{` and `}}`: fields, known functions, numbers, quoted separators, loop variables.
    private static func isAction(_ bytes: ArraySlice<UInt8>, _ mayPickWhole: Bool) -> Bool {
        let words = bytes.split(separator: UInt8(ascii: " "))
        return !words.isEmpty && words.allSatisfy { isWord($0, mayPickWhole) }
    }

    private static func isWord(_ bytes: ArraySlice<UInt8>, _ mayPickWhole: Bool) -> Bool {
        let plain = bytes.filter { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")") && $0 != UInt8(ascii: ",") }
        guard let first = plain.first else { return true }
        let word = String(decoding: plain, as: UTF8.self)
        if functions.contains(word) || word == ":=" || word == "|" || word == "-" { return true }
        if first == UInt8(ascii: "\"") {
            guard plain.count >= 2, plain.last == first else { return false }
            return comparedTexts.contains(word)
                || plain.dropFirst().dropLast().allSatisfy { !isASCIILetterOrDigit($0) && $0 != UInt8(ascii: "\\") }
        }
        // `pad` would make as many blanks.
        if plain.allSatisfy({ (0x30...0x39).contains($0) }) { return plain.count <= 3 }
        let isVariable = first == UInt8(ascii: "$")
        guard isVariable || first == UInt8(ascii: "."), mayPickWhole || !wholeObjects.contains(word) else {
            return false
        }
        // A loop variable stands for something picked before; `$` alone, and `$.`, are the whole object.
        guard !isVariable || plain.count > 1 && plain[1] != UInt8(ascii: ".") else { return false }
        return plain.dropFirst().split(separator: UInt8(ascii: ".")).allSatisfy { segment in
            segment.allSatisfy { isASCIILetterOrDigit($0) || $0 == UInt8(ascii: "_") }
                && (mayPickWhole || !secretFields.contains(String(decoding: segment, as: UTF8.self)))
        }
    }
}
