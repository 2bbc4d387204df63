// SPDX-License-Identifier: Apache-2.0

/// Makes new commands of known ones: what people write, what attackers add, and noise.
struct CommandMutator {
    let seeds: [String]
    /// Words of all seeds, so that options meet other programs.
    private let words: [String]

    init(seeds: [String]) {
        self.seeds = seeds
        words = Array(Set(seeds.flatMap { $0.split(separator: " ").map(String.init) })).sorted()
    }

    func make(_ random: inout SeededRandom) -> String {
        guard var text = seeds.randomElement(using: &random) else { return "" }
        for _ in 0..<Int.random(in: 0...3, using: &random) { text = mutate(text, &random) }
        return text
    }

    private func mutate(_ text: String, _ random: inout SeededRandom) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return insertCharacter(text, &random)
        case 1: return dropCharacter(text, &random)
        case 2: return quoteWord(text, &random)
        case 3: return quoteInside(text, &random)
        case 4: return withWord(text, &random) { words, index, random in words.insert(word(&random), at: index) }
        case 5: return withWord(text, &random) { words, index, _ in words.remove(at: index) }
        case 6: return withWord(text, &random) { words, index, random in words[index] = word(&random) }
        case 7:
            return withWord(text, &random) { words, index, random in
                words.swapAt(index, Int.random(in: words.indices, using: &random))
            }
        case 8:
            let other = seeds.randomElement(using: &random) ?? ""
            return text + (Self.joints.randomElement(using: &random) ?? " ") + other
        case 9: return text + " " + (Self.tails.randomElement(using: &random) ?? "")
        case 10: return withWord(text, &random) { words, index, _ in words.insert(words[index], at: index) }
        default: return text.replacing(" ", with: "  ", maxReplacements: 1)
        }
    }

    private func word(_ random: inout SeededRandom) -> String {
        Bool.random(using: &random)
            ? words.randomElement(using: &random) ?? "" : Self.hostile.randomElement(using: &random) ?? ""
    }

    private func withWord(
        _ text: String, _ random: inout SeededRandom,
        _ change: (inout [String], Int, inout SeededRandom) -> Void
    ) -> String {
        var words = text.split(separator: " ").map(String.init)
        guard let index = words.indices.randomElement(using: &random) else { return text }
        change(&words, index, &random)
        return words.joined(separator: " ")
    }

    private func insertCharacter(_ text: String, _ random: inout SeededRandom) -> String {
        var scalars = Array(text.unicodeScalars)
        let scalar = Self.characters.randomElement(using: &random) ?? "a"
        scalars.insert(scalar, at: Int.random(in: 0...scalars.count, using: &random))
        return String(String.UnicodeScalarView(scalars))
    }

    private func dropCharacter(_ text: String, _ random: inout SeededRandom) -> String {
        var scalars = Array(text.unicodeScalars)
        guard let index = scalars.indices.randomElement(using: &random) else { return text }
        scalars.remove(at: index)
        return String(String.UnicodeScalarView(scalars))
    }

    private func quoteWord(_ text: String, _ random: inout SeededRandom) -> String {
        withWord(text, &random) { words, index, random in
            words[index] = Bool.random(using: &random) ? "'\(words[index])'" : "\"\(words[index])\""
        }
    }

    /// `d'ock'er`, `doc""ker`: other text, the same word.
    private func quoteInside(_ text: String, _ random: inout SeededRandom) -> String {
        withWord(text, &random) { words, index, random in
            let letters = Array(words[index])
            let cut = Int.random(in: 0...letters.count, using: &random)
            let end = Int.random(in: cut...letters.count, using: &random)
            let mark = Bool.random(using: &random) ? "'" : "\""
            words[index] = String(letters[..<cut]) + mark + String(letters[cut..<end]) + mark + String(letters[end...])
        }
    }

    private static let joints = [" ; ", " && ", " || ", " | ", ";", "&&", "|", " & ", "\n", " |& ", " > ", " 2>&1 | "]
    private static let tails = [
        "2>&1", ">/dev/null", "2>/dev/null", "</dev/null", "> /tmp/x", "$(id)", "`id`", "${x}", "--", "-", "''", "#x",
        "*", "~", "; reboot", "&& reboot", "| sh", "\\", "'", "\"", "2>/dev/null2", "1>&2", ">&3",
    ]
    private static let hostile = [
        "-f", "--force", "-o", "--output=/etc/x", "-H", "--host", "--config", "-e", "--exec", "-c", "$IFS", "../..",
        "/etc/shadow", "/proc/self/environ", "203.0.113.9", "http://203.0.113.9/", "jarvis", "ssh.service", "=x", "a=b",
        "-oProxyCommand=id", "--privileged", "%s", "\u{202E}x", "web\u{200B}", "-n5", "-20", "@/etc/shadow", "{a,b}",
        "sudo",
    ]
    private static let characters: [UnicodeScalar] =
        Array("'\"\\$`;&|<>(){}[]*?~#!^%=-/. \t\n\r".unicodeScalars)
        + ["\u{0}", "\u{1B}", "\u{A0}", "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{FF1B}", "é", "a", "Z", "0"]
}
