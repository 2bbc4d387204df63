// SPDX-License-Identifier: Apache-2.0

/// What a probe of a login said about its shell.
package enum LoginShell: Sendable, Equatable {
    /// A shell that reads the envelope as it is meant.
    case accepted(path: String)
    /// One that does not, or might not; the sentence is for a person.
    case refused(String)

    /// Judges what the fixed probe printed; see `LoginShellCheck`.
    init(probeOutput text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        func value(_ name: String) -> String? {
            lines.last { $0.hasPrefix("jarvis-\(name)=") }.map { String($0.dropFirst("jarvis-\(name)=".count)) }
        }
        guard let path = value("shell") else {
            self = .refused("the login runs no commands: its shell did not answer (is it nologin, or a menu?)")
            return
        }
        guard path.utf8.count <= 256,
            path.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/_.+-".contains($0)) })
        else {
            self = .refused("the login names a shell whose path holds characters that no path of a shell has")
            return
        }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        if let reason = Self.refusals[name] {
            self = .refused("the login shell \(name) \(reason)")
        } else if !Self.family.contains(name) {
            self = .refused("the login shell is not one of \(Self.family.joined(separator: ", "))")
        } else if value("flags")?.contains("r") != false {
            self = .refused("the login shell \(name) is restricted, or does not know its own flags")
        } else if value("quote") != "it's" || value("arithmetic") != "7" {
            self = .refused("the login shell calls itself \(name) and does not read commands as a POSIX shell does")
        } else {
            self = .accepted(path: path)
        }
    }

    private static let family = ["sh", "dash", "bash", "ash", "busybox", "ksh", "mksh", "ksh93", "oksh"]
    private static let refusals = [
        "fish": "does not read POSIX shell commands; use sh, dash or bash",
        "csh": "does not read POSIX shell commands; use sh, dash or bash",
        "tcsh": "does not read POSIX shell commands; use sh, dash or bash",
        "zsh": "reads commands otherwise than a POSIX shell unless it is called sh; use sh, dash or bash",
        "rbash": "is restricted; use sh, dash or bash", "rksh": "is restricted; use sh, dash or bash",
        "rssh": "is restricted; use sh, dash or bash", "lshell": "is restricted; use sh, dash or bash",
        "nologin": "lets nobody log in", "false": "lets nobody log in", "git-shell": "runs only git",
    ]
}
