// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Glibc

/// The pid, log and lock files of declared services, in one private directory.
struct ServiceDirectory: Sendable {
    let path: String
    /// A log larger than this is set aside when its service is started next.
    let logLimit: Int

    /// The process a service was last started as.
    func process(of name: ServiceName) -> ServiceProcess? {
        readSmallFile(pidFile(name)).flatMap { ServiceProcess(fileText: $0) }
    }

    /// Notes the process durably.
    func note(_ process: ServiceProcess, for name: ServiceName) throws(FileError) {
        try replaceFile(pidFile(name), with: process.fileText)
    }

    /// Takes back what was noted last.
    func forget(_ name: ServiceName) { unlink(pidFile(name)) }

    /// The log, opened for appending; a large one becomes `NAME.log.1` first.
    func openLog(of name: ServiceName) throws(FileError) -> OwnedDescriptor {
        let log = "\(path)/\(name).log"
        var status = stat()
        if lstat(log, &status) == 0, Int(status.st_size) > logLimit, rename(log, "\(log).1") != 0 {
            throw .system(log)
        }
        let number = open(log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system(log) }
        let opened = OwnedDescriptor(number)
        // 3 or higher, because the new process puts it in the place of 1 and 2, where it must not be already.
        let moved = fcntl(opened.number, F_DUPFD_CLOEXEC, 3)
        guard moved >= 0 else { throw .system(log) }
        return OwnedDescriptor(moved)
    }

    /// Holds the service's lock, also against other processes of Jarvis; nil when it is not free in time.
    func lock(_ name: ServiceName, until limit: ContinuousClock.Instant) throws(FileError) -> OwnedDescriptor? {
        let file = "\(path)/\(name).lock"
        let number = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system(file) }
        let descriptor = OwnedDescriptor(number)
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw .system(file) }
            guard ContinuousClock.now < limit else { return nil }
            usleep(10_000)
        }
        return descriptor
    }

    private func pidFile(_ name: ServiceName) -> String { "\(path)/\(name).pid" }
}
