// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The timed reverts of a host: one file each, and one process that waits for it, detached from every connection.
///
/// It runs only if a change was run under it (`cover`); one that was armed in vain does nothing when its time is over.
/// The file is the truth: who removes it first (a confirmation, or the waiting process that renames it) decides. A
/// process that died is started again by the next request, or by `jarvis-guard resume` when the machine starts.
struct TimedReverts: Sendable {
    let folder: StateFolder
    let policyPath: String
    let invocation: GuardInvocation

    private static let armedPrefix = "revert-"
    private static let begunPrefix = "reverted-"
    private static let confirmedPrefix = "confirmed-"
    private static let coveringPrefix = "covering-"
    private static let maximumArmed = 8

    private func armedPath(_ id: String) -> String { "\(folder.path)/\(Self.armedPrefix)\(id)" }
    private func confirmedPath(_ id: String) -> String { "\(folder.path)/\(Self.confirmedPrefix)\(id)" }
    private func coveringPath(_ id: String) -> String { "\(folder.path)/\(Self.coveringPrefix)\(id)" }
    private func begunPath(_ id: String) -> String { "\(folder.path)/\(Self.begunPrefix)\(id)" }

    /// Makes a revert durable and returns once a process waits for it; throws when it is not certain that one does.
    ///
    /// One with the same command that waits already is dropped then: it would undo the newer change.
    func arm(_ revert: TimedRevert) throws {
        do {
            try folder.locked {
                guard access(confirmedPath(revert.id), F_OK) != 0 else { throw Refusal("it was confirmed before") }
                let others = armed().filter { $0.canonical != revert.canonical }
                guard others.count < Self.maximumArmed else {
                    throw Refusal("\(Self.maximumArmed) timed reverts are armed already")
                }
                try folder.replace(Self.armedPrefix + revert.id, with: revert.text)
            }
            guard spawnWaiting(revert.id) else {
                throw GuardError("no process could be started that waits for the timed revert; nothing is armed")
            }
        } catch {
            try folder.locked {
                unlink(armedPath(revert.id))
                try folder.sync()
            }
            throw error
        }
        try dropOlder(than: revert)
    }

    /// Only once the newer one waits: a change must not be left without its way back because arming failed.
    private func dropOlder(than revert: TimedRevert) throws {
        try folder.locked {
            for older in armed() where older.canonical == revert.canonical && older.id != revert.id {
                SystemLog.note("timed revert \(older.id) is replaced by \(revert.id)")
                unlink(armedPath(older.id))
                unlink(coveringPath(older.id))
            }
            try folder.sync()
        }
    }

    /// Notes that a change is about to run under this revert; within the lock of the admission, before it runs.
    func cover(_ id: String) throws { try folder.replace(Self.coveringPrefix + id, with: "\n") }

    /// Those that wait, whole ones only.
    func armed() -> [TimedRevert] {
        folder.names(beginning: Self.armedPrefix).compactMap {
            try? load(String($0.dropFirst(Self.armedPrefix.count)))
        }
    }

    /// Takes a revert back; returns why that is not possible, nil when it is done.
    func confirm(id: String, epoch: UInt64) throws -> String? {
        try folder.locked {
            guard let revert = try load(id) else {
                // Asked again, because the first answer was lost.
                if let text = text(of: confirmedPath(id)) {
                    return text == "\n" ? "there is no timed revert of this intent" : nil
                }
                if access(begunPath(id), F_OK) == 0 { return "too late: the change was reverted already" }
                // A request to arm it that is still on its way must not be taken any more.
                try folder.replace(Self.confirmedPrefix + id, with: "\n")
                return "there is no timed revert of this intent"
            }
            guard epoch >= revert.epoch else { return "it was armed by a later epoch" }
            guard rename(armedPath(id), confirmedPath(id)) == 0 else { throw GuardError.system(armedPath(id)) }
            unlink(coveringPath(id))
            try folder.sync()
            return nil
        }
    }

    /// Starts the waiting processes that are missing, and removes old records.
    func resume() {
        for name in folder.names(beginning: Self.armedPrefix) {
            let id = String(name.dropFirst(Self.armedPrefix.count))
            // It is locked by the process that waits for it.
            guard let file = try? Descriptor(opening: armedPath(id), O_RDONLY | O_NOFOLLOW),
                flock(file.number, LOCK_EX | LOCK_NB) == 0
            else { continue }
            flock(file.number, LOCK_UN)
            _ = spawnWaiting(id)
        }
        for name in [Self.begunPrefix, Self.confirmedPrefix, Self.coveringPrefix].flatMap(folder.names(beginning:)) {
            var status = stat()
            let path = "\(folder.path)/\(name)"
            if stat(path, &status) == 0, Int64(status.st_mtim.tv_sec) < secondsSince1970() - 7 * 86_400 { unlink(path) }
        }
    }

    /// The waiting process: waits, then runs the revert if nobody took it back; returns the exit status.
    func wait(_ id: String, readyDescriptor: Int32?) -> Int32 {
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        setsid()
        umask(0o077)
        _ = chdir("/")
        do {
            let path = armedPath(id)
            let file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW)
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { return 0 }
            defer { flock(file.number, LOCK_UN) }
            guard let revert = TimedRevert(id: id, text: try file.text(limit: 1 << 16, of: path)) else {
                throw GuardError("\(path): it is damaged")
            }
            if let readyDescriptor {
                Descriptor.write("1", to: readyDescriptor)
                close(readyDescriptor)
            }
            let wait = min(max(0, revert.due - secondsSince1970()), Int64(revert.seconds))
            let end = steadySeconds() + Double(wait)
            while steadySeconds() < end {
                guard access(path, F_OK) == 0 else { return 0 }
                usleep(UInt32(min(0.5, max(0.01, end - steadySeconds())) * 1e6))
            }
            guard try begin(id) else { return 0 }
            return try run(revert)
        } catch {
            SystemLog.warn("timed revert \(id) failed: \(error)")
            return 1
        }
    }

    /// Whether this process is the one that runs it: from here on it can't be confirmed any more.
    private func begin(_ id: String) throws -> Bool {
        try folder.locked {
            guard access(coveringPath(id), F_OK) == 0 else {
                unlink(armedPath(id))
                try folder.sync()
                SystemLog.note("timed revert \(id) is dropped: no change was run under it")
                return false
            }
            guard rename(armedPath(id), begunPath(id)) == 0 else {
                guard errno == ENOENT else { throw GuardError.system(armedPath(id)) }
                return false
            }
            unlink(coveringPath(id))
            try folder.sync()
            return true
        }
    }

    private func run(_ revert: TimedRevert) throws -> Int32 {
        let file = try PolicyFile.read(policyPath, for: revert.canonical)
        let command = try Guardian(settings: file.settings, policy: file.policy).judge(revert: revert.canonical)
        SystemLog.warn("timed revert \(revert.id) runs, nobody confirmed the change: \(revert.canonical)")
        let program = try ProgramRun(command, searchPath: file.settings.searchPath)
        let ending = program.run(deadline: revert.deadlineSeconds, grace: revert.graceSeconds)
        SystemLog.warn("timed revert \(revert.id) ended: \(ending)")
        if case .status(let status) = ending { return status }
        return 1
    }

    private func text(of path: String) -> String? {
        try? Descriptor(opening: path, O_RDONLY | O_NOFOLLOW).text(limit: 1 << 16, of: path)
    }

    private func load(_ id: String) throws -> TimedRevert? {
        let path = armedPath(id)
        guard access(path, F_OK) == 0 else { return nil }
        let text = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW).text(limit: 1 << 16, of: path)
        guard let revert = TimedRevert(id: id, text: text) else { throw GuardError("\(path): it is damaged") }
        return revert
    }

    /// Starts this program anew as the waiting process, and waits for its word that it has left this session.
    ///
    /// Before that it could be ended with what started it.
    private func spawnWaiting(_ id: String) -> Bool {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The pipe first: its end may be one of the numbers that are opened below, where this was started without them.
        let ready: Int32 = 200
        posix_spawn_file_actions_adddup2(&actions, ends[1], ready)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for number: Int32 in [1, 2] { posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0) }
        var pid = pid_t()
        let name = invocation.program.split(separator: "/").last.map(String.init) ?? "jarvis-guard"
        let arguments =
            [name] + invocation.words + [
                "await", "--policy", policyPath, "--state", folder.path, "--ready", "\(ready)", id,
            ]
        let error = withCStrings(arguments) { arguments in
            withCStrings(["LC_ALL=C"]) { posix_spawn(&pid, "/proc/self/exe", &actions, nil, arguments, $0) }
        }
        close(ends[1])
        guard error == 0 else { return false }
        var poll = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        #if canImport(Glibc)
            guard Glibc.poll(&poll, 1, 5000) == 1 else { return false }
        #else
            guard Musl.poll(&poll, 1, 5000) == 1 else { return false }
        #endif
        return read(ends[0], &byte, 1) == 1
    }
}
