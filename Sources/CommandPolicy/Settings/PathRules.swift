// SPDX-License-Identifier: Apache-2.0

/// Which paths commands may read and list.
package struct PathRules: Sendable {
    /// Files, and folders ending in `/`, whose content may be printed.
    package var readable: [String] = []
    /// Folders whose names, sizes and times may be printed.
    package var listable: [String] = []
    /// Folders with compose files.
    package var stacks: [String] = []
    /// Folders with databases that may be asked read-only.
    package var databases: [String] = []

    /// Nothing may be read.
    package init() {}

    /// Absolute, without `.`, `..`, doubled or trailing slashes, and made of characters that need no second look.
    static func isPlain(_ path: String) -> Bool {
        guard path.utf8.count <= 512, path.utf8.first == UInt8(ascii: "/"), path.utf8.count > 1 else { return false }
        var previous = UInt8(ascii: "x")
        var segment = 0
        var dots = 0
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/") {
                if previous == UInt8(ascii: "/") || (segment > 0 && dots == segment && segment <= 2) { return false }
                segment = 0
                dots = 0
            } else {
                guard isASCIILetterOrDigit(byte) || "_.-@+,: =".utf8.contains(byte) else { return false }
                // `REPOSITORY::ARCHIVE` is how some programs join two words; whoever asks where a path leads must not.
                if byte == UInt8(ascii: ":"), previous == byte { return false }
                segment += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
            previous = byte
        }
        return segment > 0 && !(dots == segment && segment <= 2)
    }

    /// Its content may be printed.
    func checkReadable(_ path: String) throws(Refusal) {
        try checkPlain(path)
        if let counters = Self.processCounters(path), Self.isCovered(counters, by: readable) { return }
        try checkNoSecret(path)
        guard Self.isCovered(path, by: readable) || (Self.isComposeFile(path) && Self.isCovered(path, by: stacks)),
            !Self.passwordFiles.contains(path)
        else { throw Refusal("\(Refusal.show(path)) is not among the paths whose content may be read") }
    }

    /// A program may read it that does not print it: a check or a reload of a configuration.
    func checkConfiguration(_ path: String) throws(Refusal) {
        try checkPlain(path)
        try checkNoSecret(path)
        guard Self.isCovered(path, by: readable) else {
            throw Refusal("\(Refusal.show(path)) is not a configuration file in an allowed folder")
        }
    }

    /// Its name, size and times may be printed, and those of all below it.
    func checkListable(_ path: String) throws(Refusal) {
        if path == "/" { return }
        // A trailing slash only says that a folder is meant.
        let folder = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        try checkPlain(folder)
        let segments = Self.segments(folder)
        guard !segments.contains(where: { Self.closedFolders.contains($0) }) else {
            throw Refusal("\(Refusal.show(path)) is a folder of secrets")
        }
        if segments.count > 1, segments[0] == "proc", Self.isProcess(segments[1]) {
            guard segments.count == 3, segments[2] == "fd" else {
                throw Refusal("\(Refusal.show(path)) belongs to a process and may hold secrets")
            }
        }
        // With its slash, so that the folder of an entry may be listed itself.
        guard Self.isCovered(folder + "/", by: listable + readable) || Self.isCovered(folder, by: listable + readable)
        else {
            throw Refusal("\(Refusal.show(path)) is not among the paths that may be listed")
        }
    }

    func checkComposeFile(_ path: String) throws(Refusal) {
        try checkPlain(path)
        guard !OperandType.isSecretStore(Self.project(of: path)) else {
            throw Refusal("\(Refusal.show(path)) is the project of a store of secrets")
        }
        guard Self.isCovered(path, by: stacks), path.hasSuffix(".yml") || path.hasSuffix(".yaml") else {
            throw Refusal("\(Refusal.show(path)) is not a compose file in an allowed folder")
        }
    }

    /// The project that compose makes of a file: its folder's name; of all that lies below Jarvis' own, `jarvis`.
    static func project(of path: String) -> String {
        let segments = segments(path)
        return segments.contains { $0.contains("jarvis") } ? "jarvis" : segments.dropLast().last ?? ""
    }

    func checkDatabase(_ path: String) throws(Refusal) {
        try checkPlain(path)
        guard Self.isCovered(path, by: databases), path.hasSuffix(".db") || path.hasSuffix(".sqlite") else {
            throw Refusal("\(Refusal.show(path)) is not a database in an allowed folder")
        }
    }

    private func checkPlain(_ path: String) throws(Refusal) {
        guard Self.isPlain(path) else {
            throw Refusal("\(Refusal.show(path)) is not an absolute path in its plain form")
        }
    }

    /// Names that hold secrets wherever they lie; a second net below the allowed folders.
    private func checkNoSecret(_ path: String) throws(Refusal) {
        let segments = Self.segments(path)
        let isLog = path.hasPrefix("/var/log/")
        for segment in segments {
            let isSecret =
                Self.secretNames.contains(segment) || Self.soundsSecret(segment) || segment.hasPrefix(".")
                || (segment.hasSuffix(".pem") && !Self.isCertificate(segment, of: path))
                || (isLog ? Self.secretLogs.contains { segment.hasPrefix($0) } : segment.hasPrefix("jarvis"))
            guard !isSecret else { throw Refusal("\(Refusal.show(path)) may hold secrets") }
        }
        if segments.count > 1, segments[0] == "proc", Self.isProcess(segments[1]) {
            throw Refusal("\(Refusal.show(path)) belongs to a process and may hold secrets")
        }
        guard !Self.isCovered(path, by: Self.foldersOfPasswords) || Self.plainEndings.contains(where: path.hasSuffix)
        else { throw Refusal("\(Refusal.show(path)) may be a file with a password") }
    }

    /// Whether a name (in small letters) is that of a key or a password file wherever it lies.
    static func soundsSecret(_ name: String) -> Bool {
        secretEndings.contains { name.hasSuffix($0) } || secretWords.contains { name.contains($0) }
            || name.hasPrefix("id_")
    }

    /// Some programs want certificate and key in one `.pem`; a name or folder must say that it is not so.
    private static func isCertificate(_ name: String, of path: String) -> Bool {
        path.hasPrefix("/etc/ssl/certs/") || name.contains("chain") || name.contains("cert")
    }

    private static func segments(_ path: String) -> [String] {
        path.lowercased().split(separator: "/").map(String.init)
    }

    private static func isProcess(_ name: String) -> Bool {
        name == "self" || name == "thread-self" || name.utf8.first.map { (0x30...0x39).contains($0) } == true
    }

    /// `/proc/PID/limits` of `/proc/1234/limits`: what the kernel counts, and nothing that the process itself wrote.
    private static func processCounters(_ path: String) -> String? {
        let segments = path.split(separator: "/")
        guard segments.count == 3, segments[0] == "proc", segments[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            processFiles.contains(String(segments[2]))
        else { return nil }
        return "/proc/PID/" + segments[2]
    }

    /// What describes a stack, beside its data.
    private static func isComposeFile(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last else { return false }
        return name == "README.md" || name == "Dockerfile" || name == "Caddyfile"
            || (name.hasPrefix("compose.") || name.hasPrefix("docker-compose."))
                && (name.hasSuffix(".yml") || name.hasSuffix(".yaml"))
    }

    private static let processFiles: Set<String> = [
        "status", "limits", "io", "stat", "statm", "sched", "schedstat", "smaps_rollup", "oom_score", "oom_score_adj",
        "cgroup", "wchan",
    ]
    private static let closedFolders: Set<String> = [
        ".ssh", ".gnupg", ".aws", ".kube", ".docker", ".password-store", "private", "secrets", "credentials",
        "sudoers.d",
    ]
    private static let secretNames: Set<String> = [
        "shadow", "gshadow", "sudoers", "sudoers.d", "root", "private", "acme.json", "msmtprc", "wireguard", "environ",
        "kcore", "kmem", "core", "netrc", "pgpass", "kubeconfig",
    ]
    /// Configurations that hold passwords as a matter of course: they may be checked, not printed.
    private static let passwordFiles: Set<String> = [
        "/etc/alertmanager/alertmanager.yml", "/etc/alertmanager/alertmanager.yaml",
        "/etc/prometheus/alertmanager.yml", "/etc/prometheus/web.yml", "/etc/prometheus/web-config.yml",
    ]
    /// Beginnings of logs that hold mistyped passwords, arguments of commands, what an installer was told, or the
    /// journals of all units.
    private static let secretLogs = [
        "auth.log", "secure", "btmp", "audit", "installer", "cloud-init-output", "journal",
    ]
    private static let secretEndings = [
        ".key", ".keys", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".env", ".pgpass", ".ppk", "-key.pem",
        "_key.pem", ".gpg", ".asc", ".age",
    ]
    private static let secretWords = [
        "secret", "credential", "passwd", "password", "vault", "history.bash", "_history", "privkey", "token",
        "apikey", "api_key", "webhook",
    ]
    /// Where an option `…_file` names files that hold nothing but a password or an address with one, under any name.
    private static let foldersOfPasswords = ["/etc/alertmanager/", "/etc/prometheus/"]
    private static let plainEndings = [".yml", ".yaml", ".rules", ".tmpl", ".json", ".conf"]

    /// An entry that ends in `/` covers all below it; any other only itself.
    private static func isCovered(_ path: String, by entries: [String]) -> Bool {
        entries.contains { entry in
            entry.utf8.last == UInt8(ascii: "/")
                ? path.utf8.starts(with: entry.utf8) : path.utf8.elementsEqual(entry.utf8)
        }
    }
}
