// SPDX-License-Identifier: Apache-2.0

/// What a name says about the value that belongs to it.
enum SecretName: Equatable {
    /// Nothing.
    case plain
    /// Names a secret only if the value looks like one: `session`, `auth`.
    case weak
    /// Names a key or token: a short lower-case word behind a colon is prose.
    case token
    /// Names a password: whatever its value is.
    case password
    /// An HTTP header with a credential.
    case authorization, cookie
    /// The whole environment of a process.
    case environment

    /// Reads a name as people and programs write it: `DB_PASSWORD`, `apiKey`, `private key`, `--auth-token`.
    init(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count > 1, Self.hints.occurs(in: bytes.map(\.lowercased)) else {
            self = .plain
            return
        }
        self = Self.classify(Self.words(of: bytes))
    }

    private static func classify(_ words: [String]) -> SecretName {
        guard let last = words.last else { return .plain }
        let joined = words.joined()
        switch joined {
        case "env", "environment": return .environment
        case "authorization", "proxyauthorization", "xauthorization": return .authorization
        case "cookie", "setcookie", "cookies": return .cookie
        default: break
        }
        if metaWords.contains(last) || harmless.contains(joined) || publicKey.occurs(in: Array(joined.utf8)) {
            return .plain
        }
        let parts = Array(joined.utf8)
        if words.contains(where: passwordWords.contains) || passwordParts.occurs(in: parts) {
            return .password
        }
        if tokenParts.occurs(in: parts) || words.contains(where: tokenWords.contains) { return .token }
        return words.contains(where: weakWords.contains) ? .weak : .plain
    }

    /// Lower-case words; a border is anything but a letter or digit, and a change from lower to upper case.
    private static func words(of bytes: [UInt8]) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func close() {
            // `password2` is a password.
            while let last = word.last, last.isDigit { word.removeLast() }
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        for (index, byte) in bytes.enumerated() {
            guard ByteSet.alphanumeric.contains(byte) || byte >= 0x80 else {
                close()
                continue
            }
            if byte.isUppercase, index > 0 {
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0
                if bytes[index - 1].isLowercase || (bytes[index - 1].isUppercase && next.isLowercase) { close() }
            }
            word.append(byte.lowercased)
        }
        close()
        return words
    }

    private static let hints = WordTable([
        "pass", "pw", "psk", "pin", "secret", "token", "key", "cred", "auth", "cookie", "sess", "sid", "dsn", "conn",
        "jwt", "otp", "env", "bearer", "webhook", "license", "sig", "csrf", "xsrf", "geheim", "kennwort", "salt",
        "mot", "sas", "phrase",
    ])

    /// A name that ends so speaks about a secret.
    private static let metaWords: Set<String> = [
        "name", "names", "count", "type", "types", "ttl", "expiry", "expires", "expiration", "seconds", "timeout",
        "length", "size", "method", "methods", "algorithm", "policy", "enabled", "disabled", "required", "ref", "mode",
        "age", "used", "limit", "endpoint", "issuer", "version", "status", "state", "rotation", "created", "updated",
        "provider", "providers", "plugin", "backend", "format", "changed", "strength", "interval", "attempts",
        "failures",
        "errors", "error", "total", "bytes", "rate", "usage", "header", "driver", "manager", "handler", "service",
        "server", "port", "host", "prompt", "authentication", "login", "logins", "lifetime", "requests", "level",
        "user", "username", "scope", "scopes", "bits", "exists", "found", "set", "valid", "invalid", "hint", "template",
        "validity", "reset", "store", "duration", "max", "min", "controller", "audience", "hits", "misses", "per",
        "second", "ms", "left", "remaining", "class", "failed", "accepted", "at", "realm", "domain", "entries",
        "exchange", "agent", "desktop", "leader", "order", "path", "paths", "sessions",
    ]
    private static let publicKey = WordTable(["publickey"])
    private static let harmless: Set<String> = [
        "maxtokens", "secretkeyref", "imagepullsecrets", "envfrom", "secretref", "automountserviceaccounttoken",
        "passes",
        "tokenizer", "sortkey", "primarykey", "foreignkey", "partitionkey", "cachekey", "routingkey", "hostkey",
        "passthrough", "bypass", "compass", "xdgsessionid", "passed", "passive", "passing", "onpass", "authority",
        "tokenbucket", "keyring", "keyringmode", "unexpectedtoken", "syntaxtoken",
    ]
    private static let passwordWords: Set<String> = [
        "pass", "pwd", "pw", "passwd", "psk", "pin", "userpw", "rootpw", "requirepass", "masterauth", "kennwort",
        "passwort", "geheim", "passcode", "passphrase", "otp", "keypass", "storepass", "bindpw", "rootpass", "dbpass",
        "userpass", "adminpass", "smtppass", "mailpass",
    ]
    private static let passwordParts = WordTable([
        "password", "passwd", "passphrase", "passwort", "motdepasse", "kennwort",
    ])
    private static let tokenWords: Set<String> = ["dsn", "jwt", "bearer", "creds", "cred", "credentials", "sas"]
    private static let tokenParts = WordTable([
        "secret", "token", "apikey", "credential", "privatekey", "connectionstring", "connstring", "accesskey",
        "authkey",
        "encryptionkey", "signingkey", "sharedkey", "masterkey", "licensekey", "accountkey", "sshkey", "deploykey",
        "storagekey", "servicekey", "appkey", "cryptkey", "webhookurl", "sessionkey", "clientkey", "presharedkey",
        "unsealkey", "recoverykey", "tlskey", "jwtkey", "cookiekey", "hmackey", "aeskey", "databasekey", "securitykey",
        "clientkeydata", "keybase", "integrationkey", "userkey", "secretbase", "sendkey", "writekey", "adminkey",
    ])
    private static let weakWords: Set<String> = [
        "auth", "session", "sid", "sessid", "phpsessid", "jsessionid", "sessionid", "cookie", "basicauth", "csrf",
        "xsrf",
        "signature", "sig", "license", "salt", "credit",
    ]
}

/// What a value itself says.
enum SecretValue {
    /// Whether it is no secret but a word about one: `true`, `<none>`, `********`, `${DB_PASSWORD}`, `[redacted]`.
    static func isPlaceholder(_ value: ArraySlice<UInt8>) -> Bool {
        // "(using password: YES)"
        let value = value.last == UInt8(ascii: ")") && value.first != UInt8(ascii: "(") ? value.dropLast() : value
        guard let first = value.first, let last = value.last else { return true }
        let only = value.allSatisfy { $0 == first }
        if only, !ByteSet.alphanumeric.contains(first) || first.lowercased == UInt8(ascii: "x") { return true }
        if value.count <= 24 {
            let text = String(decoding: value.map(\.lowercased), as: UTF8.self)
            if words.contains(text) || text.hasSuffix(" bytes") && first.isDigit { return true }
        }
        switch first {
        case UInt8(ascii: "$"):
            return value.count > 2 && value.count <= 64
                && [UInt8(ascii: "{"), UInt8(ascii: "(")].contains(value[value.startIndex + 1])
        case UInt8(ascii: "<"): return value.count <= 64 && last == UInt8(ascii: ">")
        case UInt8(ascii: "{"): return value.count <= 64 && value.starts(with: Array("{{".utf8))
        case UInt8(ascii: "["): return value.starts(with: Redaction.marker.utf8)
        default: return false
        }
    }

    /// Whether it has at least twelve characters of a token with letters and a digit.
    static func looksRandom(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 12, value.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        var digits = 0
        var changes = 0
        for (one, two) in zip(value, value.dropFirst()) {
            if one.isDigit { digits += 1 }
            if one.isDigit != two.isDigit || one.isUppercase != two.isUppercase { changes += 1 }
        }
        return digits >= 1 && changes * 5 >= value.count
    }

    /// Whether it begins like the path of a file; `isSure` when a name already says so.
    static func isPath(_ value: ArraySlice<UInt8>, isSure: Bool = false) -> Bool {
        guard let first = value.first else { return false }
        return first == UInt8(ascii: "/") && (isSure || value.dropFirst().contains(UInt8(ascii: "/")))
            || first == UInt8(ascii: "~") || value.starts(with: Array("./".utf8))
    }

    private static let words: Set<String> = [
        "true", "false", "null", "nil", "none", "yes", "no", "on", "off", "enabled", "disabled", "invalid", "expired",
        "missing", "incorrect", "required", "failed", "failure", "error", "ok", "not", "unset", "empty", "is", "was",
        "are", "must", "cannot", "should", "has", "have", "the", "a", "an", "to", "for", "from", "with", "in", "via",
        "and", "or", "string", "changeme_required", "(hidden)", "(null)", "(none)", "(unset)", "(set)", "(empty)",
        "hidden", "masked", "redacted", "<redacted>", "[redacted]", "undefined", "unknown", "accepted", "valid",
        "verified", "denied", "bad", "wrong", "too", "does", "did", "optional", "default", "rejected", "revoked",
        "pair", "option", "flag", "instead", "authentication", "mismatch", "set", "it", "this", "by", "of", "password",
        "username", "token", "secret", "user", "file", "prompt", "never", "always", "removed", "created", "updated",
        "deleted", "changed", "rotated", "succeeded", "successful", "success", "timeout", "refused", "plain", "login",
        "scram-sha-256", "md5", "trust", "peer", "cram-md5", "scram-sha-1", "oauth2", "basic", "[masked]", "***", "|",
        ">", "|-", ">-", "files", "compat", "opened", "closed", "started", "ended", "validation", "verification",
        "check", "checks",
    ]
}
