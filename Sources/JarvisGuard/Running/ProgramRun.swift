// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One judged command as a process: no shell for a single command, nothing of the guard's environment, and an end.
struct ProgramRun: Sendable {
    let program: String
    let arguments: [String]
    let environment: [String]
    let redirections: [SimpleCommand.Redirection]

    /// How it ended.
    enum Ending: Sendable, Equatable {
        /// With this status, as a shell would give it.
        case status(Int32)
        /// It could not be started: the status that a shell would give, and why.
        case notStarted(Int32, String)
        /// Even KILL did not end it (a command that runs as root can't be signalled by others).
        case goesOn
    }

    /// Prepares a command; throws when there is no such program on the search path.
    init(_ command: JudgedCommand, searchPath: [String]) throws(GuardError) {
        environment = ["PATH=" + searchPath.joined(separator: ":"), "LC_ALL=C"]
        if command.list.isSimple, let simple = command.list.pipelines.first?.commands.first {
            program = try Self.find(simple.words[0], in: searchPath)
            arguments = simple.words
            redirections = simple.redirections
        } else {
            // Pipes and lists are of observers alone, and every word is in single quotes.
            program = "/bin/sh"
            arguments = ["sh", "-c", command.canonical]
            redirections = []
        }
    }

    private static func find(_ name: String, in folders: [String]) throws(GuardError) -> String {
        let candidates = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
        for candidate in candidates {
            var status = stat()
            if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0 {
                return candidate
            }
        }
        throw GuardError("\(name): not found")
    }

    /// Runs it to its end, or to the end of its time.
    func run(deadline: Int, grace: Int) -> Ending {
        // Blocked, so that they wait for sigtimedwait; the child gets none of it.
        var awaited = sigset_t()
        sigemptyset(&awaited)
        for number in [SIGCHLD, SIGTERM, SIGINT] { sigaddset(&awaited, number) }
        sigprocmask(SIG_BLOCK, &awaited, nil)
        let pid: pid_t
        switch spawn() {
        case .success(let number): pid = number
        case .failure(let error): return .notStarted(error.number == ENOENT ? 127 : 126, error.text)
        }
        if let status = Self.wait(pid, seconds: Double(deadline), awaited) { return .status(status) }
        kill(-pid, SIGTERM)
        if Self.wait(pid, seconds: Double(grace), awaited) != nil { return .status(124) }
        kill(-pid, SIGKILL)
        if Self.wait(pid, seconds: 2, awaited) != nil { return .status(137) }
        return .goesOn
    }

    private struct SpawnError: Error {
        let number: Int32
        var text: String { String(cString: strerror(number)) }
    }

    private func spawn() -> Result<pid_t, SpawnError> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for redirection in redirections {
            switch redirection {
            case .errorToOutput: posix_spawn_file_actions_adddup2(&actions, 1, 2)
            case .outputToNothing: posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            case .errorToNothing: posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
            case .inputFromNothing: break
            }
        }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pid = pid_t()
        let error = withCStrings(arguments) { arguments in
            withCStrings(environment) { posix_spawn(&pid, program, &actions, &attributes, arguments, $0) }
        }
        return error == 0 ? .success(pid) : .failure(SpawnError(number: error))
    }

    /// The child's status, or nil when the time is over or the guard itself is asked to end.
    private static func wait(_ pid: pid_t, seconds: Double, _ awaited: sigset_t) -> Int32? {
        let end = steadySeconds() + seconds
        while true {
            var status: Int32 = 0
            let found = waitpid(pid, &status, WNOHANG)
            if found == pid {
                let signal = status & 0x7F
                return signal == 0 ? status >> 8 & 0xFF : 128 + signal
            }
            let left = end - steadySeconds()
            guard left > 0 else { return nil }
            // At most a second, as a clock that was asleep would not wake it.
            let slice = min(left, 1)
            var time = timespec(tv_sec: Int(slice), tv_nsec: Int((slice - slice.rounded(.down)) * 1e9))
            var awaited = awaited
            let number = sigtimedwait(&awaited, nil, &time)
            if number == SIGTERM || number == SIGINT { return nil }
        }
    }
}

/// Calls `body` with a C array of C strings that ends in NULL.
func withCStrings<Value>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
        return body(start)
    }
}
