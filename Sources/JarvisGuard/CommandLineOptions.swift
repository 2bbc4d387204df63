// SPDX-License-Identifier: Apache-2.0

/// What the command line says: a verb, options with a value each, and operands.
struct CommandLineOptions: Equatable {
    let invocation: GuardInvocation
    private(set) var verb = ""
    private(set) var operands: [String] = []
    private var values: [String: String] = [:]

    var policyPath: String { values["--policy"] ?? PolicyFile.usualPath }
    var statePath: String { values["--state"] ?? StateFolder.usualPath }
    var program: String { values["--program"] ?? invocation.program }
    var readyDescriptor: Int32? { values["--ready"].flatMap { Int32($0) } }

    /// The forced command with the options that are not the usual ones.
    var forcedCommand: String {
        var words = [program] + invocation.words + ["serve"]
        for name in ["--policy", "--state"] { if let value = values[name] { words += [name, value] } }
        return words.joined(separator: " ")
    }

    /// Understands the arguments behind the program's name, or says what is wrong.
    init(_ arguments: [String], _ invocation: GuardInvocation = .alone) throws(GuardError) {
        self.invocation = invocation
        var rest = arguments[...]
        verb = rest.popFirst() ?? "--help"
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") else {
                operands.append(word)
                continue
            }
            guard ["--policy", "--state", "--program", "--ready"].contains(word) else {
                throw GuardError("\(word) is not understood; see jarvis-guard --help")
            }
            guard let value = rest.popFirst(), values.updateValue(value, forKey: word) == nil else {
                throw GuardError("\(word) takes one value, once")
            }
        }
    }
}
