// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// The least that can run a command through the same master: one spawn, reading to the end, one wait.
struct BareClient {
    let program: String
    let socket: String
    let environment: [String: String]

    /// Runs `line` in the login shell and throws unless it exits with 0; blocks meanwhile.
    func run(_ line: String) throws {
        let words = [
            program, "-F", "none", "-e", "none", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-S", socket, "-T",
            "--",
            "127.0.0.1", line,
        ]
        var (outputRead, outputWrite, errorRead, errorWrite): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
        guard jarvis_pipe(&outputRead, &outputWrite) == 0, jarvis_pipe(&errorRead, &errorWrite) == 0 else {
            throw BenchError("no pipe")
        }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        var pid: pid_t = 0
        var pidfd: Int32 = -1
        let status = withPointers(words) { argv in
            withPointers(environment.map { "\($0)=\($1)" }) { envp in
                jarvis_spawn(program, argv, envp, null, outputWrite, errorWrite, &pid, &pidfd)
            }
        }
        for descriptor in [null, outputWrite, errorWrite] { close(descriptor) }
        defer { for descriptor in [outputRead, errorRead] { close(descriptor) } }
        guard status == 0 else { throw BenchError("no client") }
        drain([outputRead, errorRead])
        var ending = jarvis_ending(signalled: 0, number: 0)
        let reaped = jarvis_reap(pidfd, 1, &ending)
        close(pidfd)
        guard reaped == 0, ending.signalled == 0, ending.number == 0 else { throw BenchError("the bare client failed") }
    }

    private func drain(_ descriptors: [Int32]) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while entries.contains(where: { $0.fd >= 0 }) {
            _ = poll(&entries, nfds_t(entries.count), -1)
            for index in entries.indices where entries[index].revents != 0 {
                if read(entries[index].fd, &buffer, buffer.count) <= 0 { entries[index].fd = -1 }
            }
        }
    }

    private func withPointers<Value>(
        _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        let pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least its end") }
            return body(base)
        }
    }
}
