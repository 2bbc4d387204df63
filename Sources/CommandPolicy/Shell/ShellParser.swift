// SPDX-License-Identifier: Apache-2.0

/// Understands a text as commands of a safe subset of the POSIX shell, or refuses it.
///
/// The subset (POSIX.1-2017, Shell Command Language): plain words, single and double quotes, `|`, `;`, `&&`, `||` and
/// the redirections of `SimpleCommand.Redirection`. In it dash, bash and BusyBox ash agree on every word. All else is
/// refused, even where it would be harmless: what is not understood is not run.
struct ShellParser {
    /// Bytes of a text; longer ones are refused unread.
    static let maximumLength = 4096
    static let maximumWords = 64
    static let maximumWordLength = 1024
    static let maximumPipelines = 8
    static let maximumCommands = 6

    private let bytes: [UInt8]
    private var position = 0
    private var word: [UInt8] = []
    /// Also true for an empty word in quotes.
    private var hasWord = false
    /// Whether every byte of the word stood outside quotes.
    private var isPlain = true
    private var words: [String] = []
    private var redirections: [SimpleCommand.Redirection] = []
    private var commands: [SimpleCommand] = []
    private var pipelines: [Pipeline] = []
    private var connectors: [CommandList.Connector] = []

    /// Understands `text` completely or throws.
    static func parse(_ text: String) throws(Refusal) -> CommandList {
        guard text.utf8.count <= maximumLength else { throw Refusal("it is longer than \(maximumLength) bytes") }
        var parser = ShellParser(bytes: Array(text.utf8))
        return try parser.commandList()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func commandList() throws(Refusal) -> CommandList {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: " "): try endWord()
            case UInt8(ascii: "'"): try singleQuoted()
            case UInt8(ascii: "\""): try doubleQuoted()
            case UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ";"): try connector(byte)
            case UInt8(ascii: ">"), UInt8(ascii: "<"): try redirection(byte)
            case _ where Self.isPlain[Int(byte)]: try append(byte)
            // `status.phase!=Running`: in front of a `=` no shell takes it for history, and within a word none negates.
            case UInt8(ascii: "!") where hasWord && position < bytes.count && bytes[position] == UInt8(ascii: "="):
                try append(byte)
            default: throw Self.refusal(of: byte)
            }
        }
        try endPipeline()
        return CommandList(pipelines, connectors)
    }

    // MARK: words

    private mutating func append(_ byte: UInt8) throws(Refusal) {
        guard word.count < Self.maximumWordLength else {
            throw Refusal("a word is longer than \(Self.maximumWordLength) bytes")
        }
        word.append(byte)
        hasWord = true
    }

    private mutating func singleQuoted() throws(Refusal) {
        hasWord = true
        isPlain = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "'") { return }
            guard (0x20...0x7E).contains(byte) else { throw Self.refusal(of: byte) }
            try append(byte)
        }
        throw Refusal("a single quote is not closed")
    }

    private mutating func doubleQuoted() throws(Refusal) {
        hasWord = true
        isPlain = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "$"), UInt8(ascii: "`"): throw Self.refusal(of: byte)
            case UInt8(ascii: "\\"):
                // 2.2.3: inside double quotes a backslash escapes only these; before all else it is itself.
                guard position < bytes.count else { throw Refusal("a double quote is not closed") }
                let next = bytes[position]
                if next == UInt8(ascii: "\"") || next == byte || next == UInt8(ascii: "$") || next == UInt8(ascii: "`")
                {
                    position += 1
                    try append(next)
                } else {
                    try append(byte)
                }
            case 0x20...0x7E: try append(byte)
            default: throw Self.refusal(of: byte)
            }
        }
        throw Refusal("a double quote is not closed")
    }

    private mutating func endWord() throws(Refusal) {
        guard hasWord else { return }
        guard words.count < Self.maximumWords else {
            throw Refusal("a command has more than \(Self.maximumWords) words")
        }
        if words.isEmpty, word.contains(UInt8(ascii: "=")) {
            throw Refusal("a variable is assigned in front of the command")
        }
        words.append(String(decoding: word, as: UTF8.self))
        word.removeAll(keepingCapacity: true)
        hasWord = false
        isPlain = true
    }

    // MARK: operators

    private mutating func connector(_ byte: UInt8) throws(Refusal) {
        try endWord()
        let isDoubled = position < bytes.count && bytes[position] == byte
        switch (byte, isDoubled) {
        case (UInt8(ascii: "|"), false):
            if position < bytes.count, bytes[position] == UInt8(ascii: "&") { throw Refusal("|& is not understood") }
            try endCommand()
        case (UInt8(ascii: ";"), false):
            try endPipeline()
            connectors.append(.then)
        case (UInt8(ascii: "&"), true):
            position += 1
            try endPipeline()
            connectors.append(.andThen)
        case (UInt8(ascii: "|"), true):
            position += 1
            try endPipeline()
            connectors.append(.orElse)
        case (UInt8(ascii: "&"), false): throw Refusal("nothing is run in the background")
        default: throw Refusal(";; is not understood")
        }
    }

    private mutating func redirection(_ byte: UInt8) throws(Refusal) {
        var descriptor: UInt8?
        if hasWord, isPlain, word.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            guard word.count == 1 else { throw Self.redirectionRefusal }
            descriptor = word[0]
            word.removeAll(keepingCapacity: true)
            hasWord = false
        } else {
            try endWord()
        }
        switch (byte, descriptor) {
        case (UInt8(ascii: ">"), UInt8(ascii: "2")?) where take("&1"): redirections.append(.errorToOutput)
        case (UInt8(ascii: ">"), UInt8(ascii: "2")?) where takeNothing(): redirections.append(.errorToNothing)
        case (UInt8(ascii: ">"), nil) where takeNothing(), (UInt8(ascii: ">"), UInt8(ascii: "1")?) where takeNothing():
            redirections.append(.outputToNothing)
        case (UInt8(ascii: "<"), nil) where takeNothing(): redirections.append(.inputFromNothing)
        default: throw Self.redirectionRefusal
        }
        guard redirections.count <= 4 else { throw Self.redirectionRefusal }
    }

    private static let redirectionRefusal = Refusal(
        "nothing is redirected but to or from /dev/null, or standard error with 2>&1")

    /// `/dev/null`, with blanks before it, as a whole word.
    private mutating func takeNothing() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
        if take("/dev/null") { return true }
        position = start
        return false
    }

    /// The expected bytes followed by the end of a word.
    private mutating func take(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset] != expected.utf8Start[offset] { return false }
        if position + count < bytes.count {
            switch bytes[position + count] {
            case UInt8(ascii: " "), UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: ">"),
                UInt8(ascii: "<"):
                break
            default: return false
            }
        }
        position += count
        return true
    }

    private mutating func endCommand() throws(Refusal) {
        try endWord()
        guard !words.isEmpty else { throw Refusal("a command is missing before or after |, ;, && or ||") }
        guard commands.count < Self.maximumCommands else {
            throw Refusal("more than \(Self.maximumCommands) commands are joined by |")
        }
        commands.append(SimpleCommand(words: words, redirections: redirections))
        words.removeAll(keepingCapacity: true)
        redirections.removeAll(keepingCapacity: true)
    }

    private mutating func endPipeline() throws(Refusal) {
        try endCommand()
        guard pipelines.count < Self.maximumPipelines else {
            throw Refusal("more than \(Self.maximumPipelines) commands are joined by ;, && or ||")
        }
        pipelines.append(Pipeline(commands: commands))
        commands.removeAll(keepingCapacity: true)
    }

    // MARK: bytes

    /// Bytes that every shell of the sh family takes for themselves outside quotes.
    private static let isPlain: [Bool] = (0...255).map { code in
        let byte = UInt8(code)
        return isASCIILetterOrDigit(byte) || "_-./:=,+@%".utf8.contains(byte)
    }

    private static func refusal(of byte: UInt8) -> Refusal {
        switch byte {
        case UInt8(ascii: "$"): Refusal("$ would be expanded; put it in single quotes if it is meant as it stands")
        case UInt8(ascii: "`"): Refusal("nothing is substituted")
        case UInt8(ascii: "\\"): Refusal("a backslash stands outside quotes; put the word in single quotes")
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"):
            Refusal("a pattern for file names stands outside quotes")
        case UInt8(ascii: "~"): Refusal("~ would be expanded; write the path in full")
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            Refusal("a group, function or brace expansion is not understood; put the word in single quotes")
        case UInt8(ascii: "#"): Refusal("a comment is not understood")
        case UInt8(ascii: "!"), UInt8(ascii: "^"): Refusal("! and ^ are not understood outside quotes")
        case 0x0A, 0x0D: Refusal("it has more than one line")
        case 0x80...0xFF: Refusal("it has a character that is not ASCII")
        default: Refusal("it has a control character")
        }
    }
}
