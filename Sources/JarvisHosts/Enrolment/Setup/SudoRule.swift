// SPDX-License-Identifier: Apache-2.0

/// One command that may run as root, argument for argument, as sudoers(5) is told of it.
package struct SudoRule: Sendable, Equatable, Hashable {
    /// The program's name; where it lies is looked up on the host.
    package let program: String
    /// Its arguments, at least one: without any, sudoers would allow all.
    package let arguments: [String]

    /// Takes the words of a command; throws when a sudoers file can't say exactly these.
    ///
    /// sudo compares the arguments as one text joined by spaces, so it can't tell `a 'b c'` from `a b 'c'`.
    package init(_ words: [String]) throws(HostSetupError) {
        guard let program = words.first, !program.isEmpty, program.utf8.allSatisfy(Self.isPlain),
            program.utf8.first != UInt8(ascii: "-")
        else { throw HostSetupError("a command for sudo needs the plain name of a program") }
        let arguments = Array(words.dropFirst())
        guard !arguments.isEmpty, arguments.allSatisfy({ !$0.isEmpty }) else {
            throw HostSetupError("\(program): a command for sudo needs arguments, none of them empty")
        }
        // A text from `^` to `$` would be a regular expression; a backslash means different things to different versions.
        guard arguments.first?.utf8.first != UInt8(ascii: "^"),
            arguments.allSatisfy({ $0.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") } })
        else { throw HostSetupError("\(program): an argument holds what a sudoers file can't say exactly") }
        self.program = program
        self.arguments = arguments
    }

    /// The arguments with everything escaped that sudoers(5) or its wildcards would interpret.
    package var escapedArguments: String {
        arguments.map { argument in
            var escaped = ""
            for scalar in argument.unicodeScalars {
                if Self.special.contains(scalar) { escaped += "\\" }
                escaped.unicodeScalars.append(scalar)
            }
            return escaped
        }.joined(separator: " ")
    }

    /// The words that it allows.
    package var words: [String] { [program] + arguments }

    private static let special = Set(",:= #*?[]".unicodeScalars)

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_.+-".utf8.contains(byte)
        }
    }
}
