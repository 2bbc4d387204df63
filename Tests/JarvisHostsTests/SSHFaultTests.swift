// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore
import Logging
import LoopbackSSHD
import Testing

@testable import JarvisHosts

extension RealProcesses {
    @Suite(.enabled(if: hasSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `A host with a fault` {
        /// Runs a command that never ends by itself, does something to the host meanwhile, and returns the receipt.
        private func interrupted(
            _ bed: SSHBed, deadline: Int = 30, by fault: (Int32) throws -> Void
        ) async throws -> Receipt {
            let pidFile = "\(bed.server.directory)/pid"
            return try await withThrowingTaskGroup(of: Receipt.self) { group in
                group.addTask {
                    await bed.runner.run(
                        shell("echo $$ > \(pidFile); exec sleep 100"), on: bed.host, context(deadline))
                }
                #expect(try await eventually { number(in: pidFile) != nil })
                let pid = try #require(number(in: pidFile))
                try fault(pid)
                defer { kill(pid, SIGKILL) }
                return try await #require(group.next())
            }
        }

        private func masters() -> [ProcessStatus] {
            children().filter { readSmallFile("/proc/\($0.pid)/cmdline")?.contains("\0-M\0") == true }
        }

        private func reason(_ receipt: Receipt) -> String? {
            switch receipt.ending {
            case .unknown(let reason): "unknown: \(reason)"
            case .notStarted(let reason): "notStarted: \(reason)"
            case .exited, .timedOut: nil
            }
        }

        @Test func `that dies in the middle of a command leaves it unknown, and is tried again for the next`()
            async throws
        {
            try await SSHBed.run { bed in
                let receipt = try await interrupted(bed) { (_: Int32) in
                    for login in bed.logins { kill(login, SIGKILL) }
                }
                #expect(reason(receipt)?.hasPrefix("unknown:") == true)
                #expect(reason(receipt)?.contains("the command had begun") == true)
                #expect(receipt.hostBeganAt != nil)
                #expect(receipt.seconds < 10)
                let next = await bed.runner.run(shell("exit 3"), on: bed.host, context())
                #expect(next.ending == .exited(status: 3))
            }
        }

        @Test func `that falls silent leaves the command unknown within its deadline`() async throws {
            // The server is asked for life every second, and given up after two unanswered questions.
            let impatient: @Sendable (inout SSHSettings) -> Void = {
                $0.aliveSeconds = 1
                $0.aliveCount = 2
            }
            try await SSHBed.run(adjust: impatient) { bed in
                var stopped: [Int32] = []
                let receipt = try await interrupted(bed) { _ in
                    stopped = bed.logins
                    for login in stopped { kill(login, SIGSTOP) }
                }
                defer { for login in stopped { kill(login, SIGKILL) } }
                #expect(reason(receipt)?.hasPrefix("unknown:") == true)
                #expect(receipt.seconds < 10)
            }
        }

        @Test func `that falls silent is given up at the local deadline when nothing else notices`() async throws {
            try await SSHBed.run(adjust: { $0.aliveSeconds = 600 }) { bed in
                var stopped: [Int32] = []
                let receipt = try await interrupted(bed, deadline: 1) { pid in
                    stopped = bed.logins
                    for login in stopped { kill(login, SIGSTOP) }
                }
                defer { for login in stopped { kill(login, SIGKILL) } }
                #expect(reason(receipt)?.contains("no word from the host in 9.0 s") == true)
                #expect((9..<12).contains(receipt.seconds))
            }
        }

        @Test func `that has another key is refused before anything is sent`() async throws {
            let other = try await LoopbackSSHD.run { $0.hostKey }
            try await SSHBed.run(pinned: other) { bed in
                let receipt = await bed.runner.run(
                    shell("echo 1 > \(bed.server.directory)/ran"), on: bed.host, context())
                #expect(reason(receipt)?.hasPrefix("notStarted:") == true)
                #expect(reason(receipt)?.contains("host key is not the pinned one") == true)
                #expect(access("\(bed.server.directory)/ran", F_OK) != 0)
            }
        }

        @Test func `that was never pinned is refused`() async throws {
            try await SSHBed.run { bed in
                _ = try KnownHosts(path: bed.server.knownHostsFile).remove(SSHBed.name)
                let receipt = await bed.runner.run(shell(":"), on: bed.host, context())
                #expect(reason(receipt)?.contains("its host key is not pinned") == true)
            }
        }

        @Test func `that does not listen is refused, then left alone for a while`() async throws {
            let port = try freePort()
            try await SSHBed.run(adjust: {
                $0.firstBackoff = .seconds(60); $0.longestBackoff = .seconds(60)
            }) { bed in
                let endpoint = SSHEndpoint(address: "127.0.0.1", port: port, user: "root")
                let host = Host(name: SSHBed.name, connection: .ssh(endpoint))
                let first = await bed.runner.run(shell(":"), on: host, context())
                #expect(reason(first) == "notStarted: testhost can't be reached: it refused the connection")
                let second = await bed.runner.run(shell(":"), on: host, context())
                #expect(reason(second)?.contains("not tried again for 60 s") == true)
                #expect(second.seconds == 0)
            }
        }

        @Test func `that refuses the login is told apart`() async throws {
            try await SSHBed.run(options: ["AuthorizedKeysFile none"]) { bed in
                let receipt = await bed.runner.run(shell(":"), on: bed.host, context())
                #expect(reason(receipt) == "notStarted: testhost can't be reached: it refused the login")
            }
        }

        @Test func `that accepts and says nothing is given up in time`() async throws {
            try await SSHBed.run(adjust: { $0.startLimit = .seconds(2) }) { bed in
                kill(bed.server.pid, SIGSTOP)
                defer { kill(bed.server.pid, SIGCONT) }
                let began = ContinuousClock.now
                let receipt = await bed.runner.run(shell(":"), on: bed.host, context())
                #expect(reason(receipt)?.hasPrefix("notStarted:") == true)
                #expect(ContinuousClock.now - began < .seconds(6))
            }
        }

        @Test func `whose master was killed here is reached through a new one`() async throws {
            try await SSHBed.run { bed in
                _ = await bed.runner.run(shell(":"), on: bed.host, context())
                #expect(masters().count == 1)
                for master in masters() { kill(master.pid, SIGKILL) }
                // A run may meet the dead master before its end is noticed; then nothing was sent.
                var endings: [Receipt.Ending] = []
                repeat {
                    let receipt = await bed.runner.run(shell("exit 3"), on: bed.host, context())
                    endings.append(receipt.ending)
                    #expect(
                        receipt.ending == .exited(status: 3) || reason(receipt)?.hasPrefix("notStarted") == true,
                        "\(receipt)")
                } while endings.last != .exited(status: 3) && endings.count < 20
                #expect(endings.last == .exited(status: 3))
            }
        }

        @Test func `whose master hangs here is reached through a new one after one unknown`() async throws {
            try await SSHBed.run { bed in
                _ = await bed.runner.run(shell(":"), on: bed.host, context())
                let master = try #require(masters().first)
                kill(master.pid, SIGSTOP)
                let hung = await bed.runner.run(shell(":"), on: bed.host, context(1))
                #expect(reason(hung)?.hasPrefix("unknown: no word from the host") == true)
                let next = await bed.runner.run(shell("exit 3"), on: bed.host, context())
                #expect(next.ending == .exited(status: 3))
                let isGone = try await eventually { !isRunning(master.pid) }
                #expect(isGone)
                #expect(masters().count == 1)
            }
        }

        @Test func `is not connected to any more after the end, and nothing is left in the directory`() async throws {
            try await SSHBed.run { bed in
                let before = children().count
                let connections = bed.connections
                _ = await bed.runner.run(shell(":"), on: bed.host, context())
                #expect(children().count == before + 1)
                let other = try SSHConnections(
                    settings: bed.server.settings(), logger: .init(label: "test"))
                let runner = SSHCommandRunner(connections: other)
                let during = await other.whileRunning { await runner.run(shell(":"), on: bed.host, context()) }
                #expect(during.ending == .exited(status: 0))
                let after = await runner.run(shell(":"), on: bed.host, context())
                #expect(reason(after)?.hasPrefix("notStarted:") == true)
                // The second pool took its own connection with it and left the first one's alone.
                let still = await bed.runner.run(shell(":"), on: bed.host, context())
                #expect(still.ending == .exited(status: 0))
                #expect(children().count == before + 1)
                #expect(namesInDirectory(bed.server.settings().runtimeDirectory).count == 3)
                withExtendedLifetime(connections) {}
            }
        }

        @Test func `loses the masters that an earlier process left behind`() async throws {
            try await LoopbackSSHD.run { server in
                try KnownHosts(path: server.knownHostsFile).pin([server.hostKey], for: SSHBed.name)
                let settings = server.settings()
                try preparePrivateDirectory(settings.runtimeDirectory)
                let names = SSHFileNames(newIn: settings.runtimeDirectory)
                let configuration = try SSHConfiguration(
                    host: SSHBed.name, endpoint: server.endpoint(), settings: settings)
                try replaceFile(names.configuration, with: configuration.text)
                let client = SSHClient(settings: settings, endpoint: server.endpoint(), names: names)
                let ended = try await withThrowingTaskGroup(of: String.self) { group in
                    group.addTask { await client.master() }
                    #expect(try await eventually { access(names.socket, F_OK) == 0 })
                    let connections = try SSHConnections(settings: settings, logger: .init(label: "test"))
                    group.addTask {
                        await connections.run()
                        return "cancelled"
                    }
                    let first = try await group.next()
                    group.cancelAll()
                    return first
                }
                #expect(ended == SSHFailure.other("").description)
                #expect(namesInDirectory(settings.runtimeDirectory) == ["lock"])
            }
        }
    }
}
