// SPDX-License-Identifier: Apache-2.0

/// The environment that programs get which Jarvis starts.
package enum ChildEnvironment {
    /// What a login, a container engine and an SSH agent need; secrets in other variables stay with Jarvis.
    private static let passedOn = [
        "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "DOCKER_HOST", "TMPDIR", "TZ",
    ]

    /// Picks the known names out of `environment`; language and shell are fixed, so that messages can be understood.
    package static func restricted(from environment: [String: String]) -> [String: String] {
        var result: [String: String] = [:]
        for name in passedOn { result[name] = environment[name] }
        result["PATH"] = environment["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        result["LC_ALL"] = "C"
        result["SHELL"] = "/bin/sh"
        return result
    }
}
