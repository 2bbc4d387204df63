// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A program that has the terminal of Jarvis' command line, so that it may ask a person for a password.
package struct TerminalProcess: Sendable {
    /// Absolute path of the program.
    package let executable: String
    /// The arguments after the program's own name.
    package let arguments: [String]
    /// Its whole environment.
    package let environment: [String: String]

    /// Describes a program; nothing starts before `run`.
    package init(executable: String, arguments: [String], environment: [String: String]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// Runs it to its end and returns its exit status, 128 and more after a signal; throws when it did not start.
    package func run() async throws(SpawnError) -> Int32 {
        try await OwnThread.run { [self] in spawn() }.get()
    }

    private func spawn() -> Result<Int32, SpawnError> {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var child = pid_t()
        let failure = withCStrings([executable] + arguments) { words in
            withCStrings(environment.environmentWords) { variables in
                posix_spawn(&child, executable, nil, &attributes, words, variables)
            }
        }
        guard failure == 0 else { return .failure(SpawnError(stage: .execution, number: failure)) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return .failure(SpawnError(stage: .execution, number: errno)) }
        }
        let number = status & 0x7F
        return .success(number == 0 ? (status >> 8) & 0xFF : 128 + number)
    }
}
