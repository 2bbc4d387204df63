// SPDX-License-Identifier: Apache-2.0

/// The environment of a container or unit as engines print it.
///
/// Here the name alone does not acquit a value: a password may be called anything. What stays are paths, numbers, words
/// of switches, and the values of names that are known to be harmless.
struct EnvironmentSecrets {
    let text: ScannedText
    private(set) var found: [Range<Int>] = []
    /// Where the environment ends.
    private(set) var end = 0

    init(text: ScannedText) { self.text = text }

    /// `"Env": ["NAME=value"]`, `"environment": {"NAME": "value"}`, or systemd's `Environment=NAME=value "NAME=va lue"`.
    consuming func scan(after separator: Int, key: PairKey, isColon: Bool) -> EnvironmentSecrets {
        let first = text.skip(.whitespace, from: separator, limit: 256)
        if text[first] == UInt8(ascii: "[") {
            strings(from: first + 1)
        } else if text[first] == UInt8(ascii: "{") {
            object(from: first + 1)
        } else if !isColon, key.beginsLine {
            words(from: separator)
        }
        return self
    }

    private mutating func strings(from first: Int) {
        var position = text.skip(.whitespace, from: first, limit: 256)
        while let quoted = QuotedText(at: position, in: text) {
            assignment(in: quoted.range)
            end = quoted.end
            position = text.skip(.whitespace, from: end, limit: 256)
            guard text[position] == UInt8(ascii: ",") else { return }
            position = text.skip(.whitespace, from: position + 1, limit: 256)
        }
    }

    private mutating func object(from first: Int) {
        var position = text.skip(.whitespace, from: first, limit: 256)
        while let name = QuotedText(at: position, in: text) {
            position = text.skip(.whitespace, from: name.end, limit: 256)
            guard text[position] == UInt8(ascii: ":") else { return }
            position = text.skip(.whitespace, from: position + 1, limit: 256)
            if let value = QuotedText(at: position, in: text) {
                judge(name.range, value.range)
                end = value.end
            } else {
                end = text.find(ByteSet(",}\n"), from: position)
            }
            position = text.skip(.whitespace, from: end, limit: 256)
            guard text[position] == UInt8(ascii: ",") else { return }
            position = text.skip(.whitespace, from: position + 1, limit: 256)
        }
    }

    private mutating func words(from first: Int) {
        var position = text.skip(.blanks, from: first)
        while position < text.end, !ByteSet.lineEnds.contains(text.bytes[position]) {
            if let quoted = QuotedText(at: position, in: text) {
                assignment(in: quoted.range)
                position = max(position + 1, quoted.end)
            } else {
                let last = Self.endOfWord(from: position, in: text)
                assignment(in: position..<last)
                position = last
            }
            end = position
            position = text.skip(.blanks, from: position)
        }
    }

    /// A word may hold quotes: `NAME="va lue"`, `NAME=$'va lue'`.
    private static func endOfWord(from first: Int, in text: ScannedText) -> Int {
        var position = first
        while position < text.end, !ByteSet.whitespace.contains(text.bytes[position]) {
            if position > first, let quoted = QuotedText(at: position, in: text) {
                position = max(position + 1, quoted.end)
            } else {
                position += 1
            }
        }
        return min(position, text.end)
    }

    private mutating func assignment(in range: Range<Int>) {
        guard let equals = text.bytes[range].firstIndex(of: UInt8(ascii: "=")) else {
            // A cut began in the middle, or it is no assignment; what it is can't be known.
            return
        }
        judge(range.lowerBound..<equals, equals + 1..<range.upperBound)
    }

    private mutating func judge(_ name: Range<Int>, _ value: Range<Int>) {
        let bytes = text.bytes[value]
        if SecretValue.isPlaceholder(bytes) || bytes.starts(with: Redaction.marker.utf8) { return }
        let kind = name.count > 128 ? .password : SecretName(text.bytes[name])
        if kind == .plain || kind == .weak {
            if Self.isHarmless(value: bytes) { return }
            if Self.isHarmless(name: text.lowercased(name)), !bytes.contains(UInt8(ascii: "@")) { return }
        } else if SecretValue.isPath(bytes), text.lowercased(name).hasSuffix("_file") {
            return
        }
        found.append(value)
    }

    private static func isHarmless(value: ArraySlice<UInt8>) -> Bool {
        if value.count <= 6, value.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") }) { return true }
        return SecretValue.isPath(value) && value.count < 256
    }

    private static func isHarmless(name: String) -> Bool {
        guard name.utf8.count <= 64 else { return false }
        if name.hasPrefix("lc_") || harmlessNames.contains(name) { return true }
        guard let last = name.split(whereSeparator: { $0 == "_" || $0 == "-" || $0 == "." }).last else { return false }
        return harmlessEndings.contains(String(last))
    }

    private static let harmlessNames: Set<String> = [
        "path", "lang", "language", "tz", "home", "hostname", "shell", "term", "pwd", "shlvl", "puid", "pgid", "uid",
        "gid",
        "debian_frontend", "python_version", "gpg_key", "python_sha256", "s6_verbosity", "umask", "virtual_env",
        "node_env", "rails_env", "app_env", "flask_env", "ps1", "editor", "pager", "logname", "container",
        "java_home", "gopath", "goroot", "s6_behaviour_if_stage2_fails", "pythonunbuffered", "xdg_config_home",
        "xdg_data_home", "xdg_cache_home", "xdg_runtime_dir", "ld_library_path", "terminfo", "colorterm",
    ]
    private static let harmlessEndings: Set<String> = [
        "host", "hosts", "hostname", "port", "ports", "user", "username", "version", "dir", "path", "home", "name",
        "level",
        "mode", "enabled", "timezone", "tz", "lang", "uid", "gid", "url", "uri", "term", "debug", "log", "format",
        "size",
        "count", "timeout", "address", "addr", "bind", "listen", "domain", "region", "locale", "type", "driver",
        "interval", "endpoint", "scheme", "protocol", "release", "arch", "workers", "threads", "color", "database",
        "db", "bucket", "sha256", "revision", "major", "minor", "distro", "retention", "schedule", "proxy", "servers",
        "origins", "origin", "root", "prefix", "frontend", "verbosity", "encoding",
    ]
}
