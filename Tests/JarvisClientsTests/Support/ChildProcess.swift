// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A program run by a test as an ordinary process and ended by its pid.
final class ChildProcess: Sendable {
    struct Failure: Error { let program: String }

    let pid: pid_t
    private let hasEnded = Mutex(false)

    /// Starts the program with its output in a file; `program` is looked up in PATH.
    init(_ program: String, _ arguments: [String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var argv = ([program] + arguments).map { strdup($0) }
        argv.append(nil)
        defer { for argument in argv { free(argument) } }
        var pid = pid_t()
        guard posix_spawnp(&pid, program, &actions, nil, argv, environ) == 0 else { throw Failure(program: program) }
        self.pid = pid
    }

    /// Runs to the end and returns the exit status.
    func wait() -> Int32 {
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        hasEnded.withLock { $0 = true }
        return status
    }

    /// Ends it at once; does nothing the second time, when the pid may be another's.
    func kill() {
        guard !hasEnded.withLock({ $0 }) else { return }
        Glibc.kill(pid, SIGKILL)
        _ = wait()
    }

    /// Runs a program and insists on success.
    static func run(_ program: String, _ arguments: [String], output: String) throws {
        guard try ChildProcess(program, arguments, output: output).wait() == 0 else { throw Failure(program: program) }
    }

    /// Whether a program can be found in PATH.
    static func exists(_ program: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}
