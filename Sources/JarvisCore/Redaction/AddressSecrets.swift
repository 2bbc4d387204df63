// SPDX-License-Identifier: Apache-2.0

/// Secrets in addresses: `scheme://user:secret@host`, and webhook URLs whose path is the secret.
enum AddressSecrets {
    static func secrets(in text: ScannedText) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = text.start
        // Where the word ends that the last address was in: an address may hold others.
        var end = 0
        while position < text.end {
            switch text.bytes[position] {
            case UInt8(ascii: ":"):
                if text[position + 1] == UInt8(ascii: "/"), text[position + 2] == UInt8(ascii: "/"),
                    ByteSet.scheme.contains(text[position - 1])
                {
                    position += 3
                    if position > end { end = text.find(.addressEnds, from: position) }
                    if position < end { userinfo(position..<min(end, position + longest), in: text, &found) }
                } else {
                    position += 1
                }
            case UInt8(ascii: "@"):
                goAddress(at: position, in: text, &found)
                position += 1
            default: position += 1
            }
        }
        hooks(in: text, &found)
        return found
    }

    /// Further away from the scheme no `@` is looked for.
    private static let longest = 512

    private static func userinfo(_ rest: Range<Int>, in text: ScannedText, _ found: inout [Range<Int>]) {
        let bytes = text.bytes
        let pathBegins = bytes[rest].firstIndex { slashes.contains($0) } ?? rest.upperBound
        let authority = rest.lowerBound..<pathBegins
        var at = bytes[authority].lastIndex(of: UInt8(ascii: "@"))
        let colon = bytes[authority].firstIndex(of: UInt8(ascii: ":"))
        if at == nil {
            // A password with a slash in it: what stands behind the colon is no port then.
            guard let colon, authority.upperBound < rest.upperBound,
                !bytes[colon + 1..<authority.upperBound].allSatisfy(\.isDigit)
            else { return }
        }
        // A password with both: whatever comes up to the last `@` that does not begin a part of a path.
        var later = bytes[rest].lastIndex(of: UInt8(ascii: "@"))
        if let found = later, at != nil, found > pathBegins {
            let query = bytes[pathBegins..<found].contains(UInt8(ascii: "?"))
            if query || bytes[found - 1] == UInt8(ascii: "/") || colon == nil { later = at }
        }
        at = later ?? at
        guard let at, at > rest.lowerBound else { return }
        if let colon, colon < at {
            add(colon + 1..<at, in: text, &found)
            // A long name before it is a key of its own.
            if colon - rest.lowerBound >= 20 { add(rest.lowerBound..<colon, in: text, &found) }
        } else if at - rest.lowerBound >= 16 {
            add(rest.lowerBound..<at, in: text, &found)
        }
    }

    private static let slashes = ByteSet("/?#")

    private static func add(_ range: Range<Int>, in text: ScannedText, _ found: inout [Range<Int>]) {
        let bytes = text.bytes[range]
        guard !bytes.isEmpty, !bytes.starts(with: Redaction.marker.utf8), !SecretValue.isPlaceholder(bytes) else {
            return
        }
        found.append(range)
    }

    /// `user:secret@tcp(host:3306)/db`, and Oracle's `user/secret@//host`.
    private static func goAddress(at position: Int, in text: ScannedText, _ found: inout [Range<Int>]) {
        guard networks.contains(where: { text.has($0, at: position + 1) }) else { return }
        var first = position
        while position - first < 256, !ByteSet.addressEnds.contains(text[first - 1]), first > text.start { first -= 1 }
        let separator = text.bytes[first..<position].firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
        guard let separator else { return }
        add(separator + 1..<position, in: text, &found)
    }

    private static let networks = ["tcp(", "unix(", "tcp6(", "//"].map { Array($0.utf8) }

    private static func hooks(in text: ScannedText, _ found: inout [Range<Int>]) {
        let hookWords = hookWords
        var position = text.start
        while position < text.end {
            guard hookWords.mayBegin(text.bytes[position].lowercased, text[position + 1].lowercased) else {
                position += 1
                continue
            }
            let word = hookWords.candidates(text.bytes[position].lowercased).first {
                text.hasIgnoringCase($0.word, at: position)
            }
            guard let word else {
                position += 1
                continue
            }
            let first = position + word.word.count
            let last = text.find(hookEnds, from: first)
            if last - first >= 8, !text.bytes[first..<last].starts(with: Redaction.marker.utf8) {
                found.append(first..<last)
            }
            position = max(last, first)
        }
    }

    private static let hookEnds = ByteSet(" \t\n\r\u{0}\u{1B}\"'`<>\\),;|")
    private static let hookWords = WordTable(
        [
            "discord.com/api/webhooks/", "discordapp.com/api/webhooks/", "hooks.slack.com/services/",
            "hooks.slack.com/workflows/", "webhook.office.com/webhookb2/", "hc-ping.com/", "/api/webhook/",
            "/api/push/",
            "api.telegram.org/bot", "maker.ifttt.com/trigger/", "hooks.zapier.com/hooks/",
            "chat.googleapis.com/v1/spaces/",
            "hooks.nabu.casa/", "events.pagerduty.com/integration/", "logic.azure.com/workflows/",
        ])
}
