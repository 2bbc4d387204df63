// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore
import LoopbackSSHD
import Testing

@testable import CommandPolicy
@testable import JarvisHosts

private let busyBox = "/bin/busybox"
let hasBusyBox = access(busyBox, X_OK) == 0

/// A login whose shell is BusyBox's, and whose PATH holds its applets alone.
func withBusyBox(_ body: @escaping @Sendable (SSHBed) async throws -> Void) async throws {
    try await withTemporaryDirectory { applets in
        let install = ChildProcess(executable: busyBox, arguments: ["--install", "-s", applets])
        #expect(try await install.run(deadline: .seconds(20)).ending == .exited(0))
        let options = ["ForceCommand exec \(busyBox) sh -c \"$SSH_ORIGINAL_COMMAND\""]
        try await SSHBed.run(options: options, environment: ["PATH": applets, "SHELL": "/bin/ash"], body)
    }
}

extension RealProcesses {
    @Suite(
        .enabled(if: hasSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"),
        .enabled(if: hasBusyBox, "busybox is not installed; scripts/bootstrap.sh test"))
    struct `A host with nothing but BusyBox` {
        @Test func `answers with its own programs`() async throws {
            try await withBusyBox { bed in
                let receipt = await bed.runner.run(
                    shell("readlink -f $(which timeout); exit 7"), on: bed.host, context())
                #expect(receipt.ending == .exited(status: 7))
                #expect(receipt.standardOutput.verbatim.hasSuffix("/busybox\n"))
                #expect(receipt.hostBeganAt != nil)
            }
        }

        @Test func `ends a command at its deadline`() async throws {
            try await withBusyBox { bed in
                let pidFile = "\(bed.server.directory)/pid"
                let receipt = await bed.runner.run(
                    shell("echo $$ > \(pidFile); exec sleep 100"), on: bed.host, context(1))
                #expect(receipt.ending == .timedOut)
                let pid = try #require(number(in: pidFile))
                #expect(try await eventually { !isRunning(pid) })
            }
        }

        @Test func `kills a command that ignores TERM`() async throws {
            try await withBusyBox { bed in
                let pidFile = "\(bed.server.directory)/pid"
                let script = "trap '' TERM; echo $$ > \(pidFile); while :; do sleep 1; done"
                let receipt = await bed.runner.run(shell(script), on: bed.host, context(1))
                #expect(receipt.ending == .timedOut)
                let pid = try #require(number(in: pidFile))
                #expect(try await eventually { !isRunning(pid) })
            }
        }

        @Test func `keeps the status of a command that exits like a timeout`() async throws {
            try await withBusyBox { bed in
                for status: Int32 in [0, 124, 137, 143, 255] {
                    let receipt = await bed.runner.run(shell("exit \(status)"), on: bed.host, context())
                    #expect(receipt.ending == .exited(status: status))
                }
            }
        }

        @Test func `has a login that is accepted`() async throws {
            try await withBusyBox { bed in
                guard case .ssh(let endpoint) = bed.host.connection else { return }
                let finding = await LoginShellCheck(connections: bed.connections).check(bed.host.name, endpoint)
                #expect(finding == .usable(shell: "/bin/ash"))
            }
        }
    }
}
