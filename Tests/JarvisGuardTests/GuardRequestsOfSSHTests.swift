// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisCore
import JarvisHosts
import LoopbackSSHD
import Testing

@testable import JarvisGuard

extension GuardProcesses {
    /// What else a stolen key could ask sshd for.
    @Suite(.enabled(if: hasGuardedSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `The key of a guarded host` {
        /// Whether the far end of a forwarded port answers as sshd, while a command of two seconds runs.
        private func isForwarded(_ option: String, _ bed: GuardBed) async throws -> Bool {
            let port = try freePort()
            let forward = "127.0.0.1:\(port):127.0.0.1:\(bed.server.port)"
            try Data("#!/bin/sh\nsleep 2\n".utf8).write(to: URL(filePath: bed.folder + "/bin/docker"))
            let line = try bed.look("'docker' 'ps'").line
            async let session = bed.ssh([option, forward], [line])
            try await Task.sleep(for: .milliseconds(1000))
            let probe = try await bed.call(
                "/bin/bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port) && timeout 2 head -c 3 <&3"],
                deadline: .seconds(5))
            _ = try await session
            return probe.standardOutput == "SSH"
        }

        @Test(arguments: ["-L", "-R"])
        func `forwards no port`(_ option: String) async throws {
            try await GuardBed.run { bed in
                #expect(try await !isForwarded(option, bed))
                // The same key without the guard's line would.
                try await bed.forgetRestrict()
                #expect(try await isForwarded(option, bed))
            }
        }

        @Test func `gets no tunnel to another host`() async throws {
            try await GuardBed.run { bed in
                let result = try await bed.ssh(["-W", "127.0.0.1:\(bed.server.port)"], [])
                #expect(result.ending != .exited(0) && !result.standardOutput.contains("SSH-2.0"))
            }
        }

        @Test func `gets no sftp, no scp and no other subsystem`() async throws {
            try await GuardBed.run { bed in
                let user = "\(bed.server.endpoint().user)@127.0.0.1"
                let port = ["-P", "\(bed.server.port)"]
                let source = "\(user):\(bed.readable)/open/file"
                for (program, arguments) in [
                    ("/usr/bin/sftp", bed.clientOptions + port + [source, bed.folder + "/got"]),
                    ("/usr/bin/scp", bed.clientOptions + port + [source, bed.folder + "/got"]),
                    ("/usr/bin/scp", bed.clientOptions + ["-O"] + port + [source, bed.folder + "/got"]),
                ] {
                    let result = try await bed.call(program, arguments)
                    #expect(result.ending != .exited(0), "\(program)")
                    #expect(access(bed.folder + "/got", F_OK) != 0, "\(program)")
                }
                for name in ["sftp", "netconf"] {
                    let result = try await bed.ssh(["-s"], [name])
                    #expect(result.ending != .exited(0) && result.standardOutput.isEmpty)
                }
            }
        }

        @Test func `gets no terminal and no agent`() async throws {
            try await GuardBed.run { bed in
                let line = try bed.look("'docker' 'ps'").line
                let terminal = try await bed.ssh(["-tt"], [line])
                #expect(terminal.standardError.contains("PTY allocation request failed"))
                let agent = try await bed.call("/usr/bin/ssh-agent", ["-a", bed.folder + "/agent"])
                let pid = agent.standardOutput.split(separator: ";").first { $0.contains("SSH_AGENT_PID=") }
                    .flatMap { Int32($0.drop { !$0.isNumber }) }
                defer { if let pid { kill(pid, SIGTERM) } }
                _ = try await bed.ssh(["-A"], [line], environment: ["SSH_AUTH_SOCK": bed.folder + "/agent"])
                let seen = try String(contentsOfFile: bed.folder + "/environment", encoding: .utf8)
                #expect(!seen.contains("SSH_AUTH_SOCK") && bed.calls.count == 2)
            }
        }

        @Test func `is refused everything when authorized_keys forgets restrict`() async throws {
            try await GuardBed.run { bed in
                try await bed.forgetRestrict()
                let line = try bed.look("'docker' 'ps'").line
                let terminal = try await bed.ssh(["-tt"], [line])
                #expect(terminal.ending == .exited(77) && bed.calls.isEmpty)
                #expect(try await bed.ssh([], [line]).ending == .exited(3))
            }
        }
    }
}
