// SPDX-License-Identifier: Apache-2.0

/// Long words that look random, and keys of WireGuard.
///
/// Hexadecimal never does: identifiers, digests and commits are. Names of a few words in camel case, paths and
/// base32 don't either, as they change their class of character rarely.
enum EntropyScanner {
    private static let minimum = 24

    static func secrets(in text: ScannedText, except open: [Range<Int>]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open = open[...]
        var position = text.start
        while position < text.end {
            guard ByteSet.base64OrURL.contains(text.bytes[position]) else {
                position += 1
                continue
            }
            while let first = open.first, first.upperBound <= position { open = open.dropFirst() }
            if let first = open.first, first.contains(position) {
                position = first.upperBound
                continue
            }
            let first = position
            position = text.skip(.base64OrURL, from: first)
            let padded = text.skip(ByteSet("="), from: position, limit: 2)
            if padded - first >= minimum { judge(first..<position, padded: padded, in: text, &found) }
        }
        return found
    }

    private static func judge(_ word: Range<Int>, padded: Int, in text: ScannedText, _ found: inout [Range<Int>]) {
        if isPublic(word, in: text) { return }
        if padded - word.lowerBound == 44, padded == word.upperBound + 1,
            text.bytes[word].allSatisfy(ByteSet.base64.contains), !followsPublicName(word.lowerBound, in: text)
        {
            found.append(word.lowerBound..<padded)
            return
        }
        // base64 has one of these in 32 characters; what has more is a path or a name, and each part of it is looked at.
        let borders = text.bytes[word].reduce(0) { $0 + (parting.contains($1) ? 1 : 0) }
        guard borders >= 3, borders * 12 >= word.count else {
            if looksRandom(text.bytes[word]), !followsPublicName(word.lowerBound, in: text) {
                found.append(word.lowerBound..<padded)
            }
            return
        }
        for part in text.bytes[word].split(whereSeparator: parting.contains) where part.count >= minimum {
            if looksRandom(part) { found.append(part.startIndex..<part.endIndex) }
        }
    }

    private static let parting = ByteSet("/_-")

    private static func looksRandom(_ word: ArraySlice<UInt8>) -> Bool {
        var classes = (upper: 0, lower: 0, digit: 0)
        var changes = 0
        var letters = 0
        var last: UInt8 = 0
        var counts = [Int](repeating: 0, count: 128)
        for byte in word.prefix(128) {
            counts[Int(byte & 127)] += 1
            guard ByteSet.alphanumeric.contains(byte) else { continue }
            letters += 1
            let kind: UInt8 = byte.isUppercase ? 1 : byte.isLowercase ? 2 : 3
            if kind == 1 { classes.upper += 1 } else if kind == 2 { classes.lower += 1 } else { classes.digit += 1 }
            if last != 0, kind != last { changes += 1 }
            last = kind
        }
        guard letters >= minimum - 4, classes.upper >= 2, classes.lower >= 2, classes.digit >= 1 || letters >= 32 else {
            return false
        }
        // Random letters and digits change their class six times in ten, words of camel case three times.
        guard changes * 100 >= letters * (classes.digit >= 2 ? 30 : classes.digit == 1 ? 35 : 45) else { return false }
        return entropy(counts, total: min(word.count, 128)) >= 3.5
    }

    /// Shannon's, in bits for each character.
    private static func entropy(_ counts: [Int], total: Int) -> Double {
        var sum = 0.0
        for count in counts where count > 1 { sum += Double(count) * logarithms[count] }
        return logarithms[total] - sum / Double(total)
    }

    /// Binary logarithms of 0 to 128, the first of them meaningless; the standard library has none.
    private static let logarithms: [Double] = (0...128).map { number in
        guard number > 0 else { return 0 }
        var value = Double(number)
        var result = Double(value.exponent)
        value = value.significand
        var bit = 0.5
        for _ in 0..<30 {
            value *= value
            if value >= 2 {
                value /= 2
                result += bit
            }
            bit /= 2
        }
        return result
    }

    /// Digests with their algorithm, and public keys of SSH.
    private static func isPublic(_ word: Range<Int>, in text: ScannedText) -> Bool {
        if publicBeginnings.contains(where: { text.has($0, at: word.lowerBound) }) { return true }
        return digestNames.contains { text.hasIgnoringCase($0, at: word.lowerBound - $0.count) }
    }

    private static let publicBeginnings = [
        "AAAAC3NzaC1lZDI1NTE5", "AAAAB3NzaC1", "AAAAE2VjZHNh", "AAAAInNr", "AAAAGnNr", "sha256-", "sha384-", "sha512-",
    ].map { Array($0.utf8) }
    private static let digestNames = ["sha256:", "sha384:", "sha512:", "sha1:"].map { Array($0.utf8) }

    /// `public key: …`, `PublicKey = …`, `peer: …`: what `wg show` prints.
    private static func followsPublicName(_ position: Int, in text: ScannedText) -> Bool {
        var last = position
        while position - last < 8, ByteSet(" \t=:\"").contains(text[last - 1]) { last -= 1 }
        return publicNames.contains { text.hasIgnoringCase($0, at: last - $0.count) }
    }

    private static let publicNames = ["public key", "publickey", "public_key", "peer"].map { Array($0.utf8) }
}
