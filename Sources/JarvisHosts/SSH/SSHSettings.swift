// SPDX-License-Identifier: Apache-2.0

/// How Jarvis uses the OpenSSH client; the same for all hosts.
package struct SSHSettings: Sendable, Equatable {
    /// Directory of Jarvis' own for sockets and generated files, mode 0700; at most 71 bytes, as socket paths are short.
    package var runtimeDirectory: String
    /// The file with the pinned host keys; nothing else is believed for a host of the inventory.
    package var knownHostsFile: String
    /// The operator's own client configuration files, included after the forced values; empty: none.
    package var includedConfigurations: [String]
    /// The keys that were made for hosts; nil: none.
    ///
    /// They are looked up at each connection, so a new one counts at once.
    package var enrolledKeys: EnrolledKeys?
    /// Environment of the client, such as `SSH_AUTH_SOCK`; see `ChildEnvironment`.
    package var environment: [String: String]
    /// Absolute path of `ssh`.
    package var program: String
    /// Seconds for TCP and key exchange.
    package var connectSeconds: Int
    /// Seconds of silence after which the host is asked whether it is there.
    package var aliveSeconds: Int
    /// Unanswered questions after which the connection is lost.
    package var aliveCount: Int
    /// How long a run waits for a free session and for the connection, together.
    package var startLimit: Duration
    /// Pause before connecting again after the first failure; doubled for each further one.
    package var firstBackoff: Duration
    /// Longest such pause.
    package var longestBackoff: Duration

    /// Production values for everything that is not given.
    package init(
        runtimeDirectory: String, knownHostsFile: String, includedConfigurations: [String] = [],
        enrolledKeys: EnrolledKeys? = nil, environment: [String: String] = [:], program: String = "/usr/bin/ssh",
        connectSeconds: Int = 8,
        aliveSeconds: Int = 5, aliveCount: Int = 3, startLimit: Duration = .seconds(10),
        firstBackoff: Duration = .seconds(1), longestBackoff: Duration = .seconds(30)
    ) {
        self.runtimeDirectory = runtimeDirectory
        self.knownHostsFile = knownHostsFile
        self.includedConfigurations = includedConfigurations
        self.enrolledKeys = enrolledKeys
        self.environment = environment
        self.program = program
        self.connectSeconds = connectSeconds
        self.aliveSeconds = aliveSeconds
        self.aliveCount = aliveCount
        self.startLimit = startLimit
        self.firstBackoff = firstBackoff
        self.longestBackoff = longestBackoff
    }
}
