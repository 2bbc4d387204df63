// SPDX-License-Identifier: Apache-2.0

/// Tokens that are known by how they begin.
enum TokenShapes {
    private struct Shape {
        /// What may follow, and how much of it must.
        let body: ByteSet
        let minimum: Int
        /// Whether a letter or digit before it means that it is part of something else.
        let standsAlone: Bool
        /// Whether the prefix says what it is and stays.
        let keepsPrefix: Bool
        let needsDigit: Bool
    }

    static func secrets(in text: ScannedText) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let shapes = shapes
        var position = text.start
        while position < text.end {
            let byte = text.bytes[position]
            if byte == UInt8(ascii: ":"), let bot = telegram(at: position, in: text) {
                found.append(bot)
                position = bot.upperBound
            } else if shapes.mayBegin(byte, text[position + 1]),
                let match = match(shapes.candidates(byte), at: position, in: text)
            {
                found.append(match)
                position = match.upperBound
            } else {
                position += 1
            }
        }
        return found
    }

    private static func match(
        _ shapes: [(word: [UInt8], entry: Shape)], at position: Int, in text: ScannedText
    ) -> Range<Int>? {
        for (prefix, shape) in shapes where text.has(prefix, at: position) {
            if shape.standsAlone, ByteSet.alphanumeric.contains(text[position - 1]) { continue }
            let first = position + prefix.count
            let body = text.skip(shape.body, from: first)
            guard body - first >= shape.minimum else { continue }
            if shape.needsDigit, !text.bytes[first..<body].contains(where: \.isDigit) { continue }
            return (shape.keepsPrefix ? first : position)..<body
        }
        return nil
    }

    /// A bot's token, as in `123456789:AA…`.
    private static func telegram(at colon: Int, in text: ScannedText) -> Range<Int>? {
        var first = colon
        while colon - first < 11, text[first - 1].isDigit { first -= 1 }
        guard (8...10).contains(colon - first) else { return nil }
        let last = text.skip(.token, from: colon + 1, limit: 64)
        return (34...46).contains(last - colon - 1) ? first..<last : nil
    }

    private static func shape(
        _ prefix: String, _ minimum: Int, body: ByteSet = .token, alone: Bool = false, keeps: Bool = false,
        digit: Bool = false
    ) -> (String, Shape) {
        (prefix, Shape(body: body, minimum: minimum, standsAlone: alone, keepsPrefix: keeps, needsDigit: digit))
    }

    private static let shapes = WordTable(all)

    private static let all: [(String, Shape)] =
        distinctive.map { shape($0, 12) } + alone.map { shape($0, 20, alone: true, digit: true) }
        + hashes.map { shape($0, 12, body: .hash) }
        + [
            shape("eyJ", 16, body: .tokenOrDot), shape("SG.", 20, body: .tokenOrDot, alone: true),
            shape("hvs.", 16, body: .tokenOrDot, alone: true), shape("hvb.", 16, body: .tokenOrDot, alone: true),
            shape("ya29.", 16, body: .tokenOrDot, alone: true),
            shape("Bearer ", 8, body: .tokenOrDot, keeps: true, digit: true),
            shape("bearer ", 8, body: .tokenOrDot, keeps: true, digit: true),
            shape("Basic ", 12, body: ByteSet.base64OrPadding, keeps: true, digit: true),
            shape("{SSHA}", 12, body: .hash), shape("{SSHA512}", 12, body: .hash), shape("{CRYPT}", 8, body: .hash),
            shape("$ANSIBLE_VAULT;", 8, body: .hash), shape("vault:v1:", 12, body: .base64OrPadding),
        ]

    /// Nothing else looks like these, so what stands before them does not matter.
    private static let distinctive = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-",
        "glagent-",
        "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "xoxe-", "xapp-", "AKIA", "ASIA", "AIza", "dckr_pat_", "dckr_oat_",
        "dop_v1_", "doo_v1_", "AGE-SECRET-KEY-", "AGE-PLUGIN-", "shpat_", "shpss_", "shpca_", "pypi-AgE", "tskey-",
        "glsa_", "glc_eyJ", "rubygems_", "lin_api_", "figd_", "sntrys_", "sntryu_", "xkeysib-", "ATATT3", "ATCTT3",
        "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "sk-ant-", "sk-proj-", "sk-or-v1-", "PMAK-", "NRAK-",
        "npm_", "nvapi-", "pplx-", "sbp_", "pscale_", "dp.pt.", "ops_eyJ", "CFPAT-",
    ]

    /// Too short to be certain in the middle of a word or without a digit.
    private static let alone = [
        "sk-", "key-", "SK", "v1.0-", "dapi", "hf_", "gsk_", "syt_", "ntn_", "tk_", "phx_", "r8_", "pul-",
    ]

    private static let hashes = [
        "$2a$", "$2b$", "$2y$", "$$2a$$", "$$2b$$", "$$2y$$", "$argon2", "$1$", "$5$", "$6$", "$7$", "$y$", "$gy$",
        "$apr1$",
        "$$apr1$$", "$scrypt$", "$pbkdf2", "pbkdf2_sha256$", "pbkdf2:sha256:", "scrypt:32768:", "SCRAM-SHA-256$",
        "$S$", "$P$", "$H$", "$shiro1$", "pbkdf2_sha512$",
    ]
}

extension ByteSet {
    static let base64OrPadding = ByteSet(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-")
}
