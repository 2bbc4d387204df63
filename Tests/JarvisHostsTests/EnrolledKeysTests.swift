// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore
import Testing

@testable import JarvisHosts

@Suite struct `The login of an operator` {
    @Test(arguments: [
        "", "@", "root@", "@h", "-oProxyCommand=id", "root@-oProxyCommand=id", "a b", "root@h h", "root;id",
        "root@h;id",
        "$(id)", "root@[::1]", "a\nb", "root@h\n",
    ])
    func `can't be an option or more than a name`(text: String) {
        #expect(throws: SSHConfigurationError.self) { try AdminLogin.Name(text) }
    }

    @Test func `is a user, and where it differs an address`() throws {
        let plain = try AdminLogin.Name("root")
        #expect(plain.user == "root" && plain.address == nil)
        let placed = try AdminLogin.Name("me@example.org@nexus-admin")
        #expect(placed.user == "me@example.org" && placed.address == "nexus-admin")
    }

    @Test(arguments: [
        "", "/tmp/jarvis-enrol-", "/tmp/jarvis-enrol-abc", "/tmp/jarvis-enrol-aaaaaaaaaa/..",
        "/tmp/jarvis-enrol-aaaa aaaa",
        "/tmp/jarvis-enrol-$(reboot)", "/etc", "/tmp/jarvis-enrol-aaaaaaaaaaaaaaaaaaaaaaaaaa",
    ])
    func `takes no other folder from a host than it asked for`(text: String) {
        #expect(!AdminLogin.Connection.isFolder(text))
        #expect(AdminLogin.Connection.isFolder("/tmp/jarvis-enrol-aB3xY9kLmN"))
    }
}

@Suite struct `A guard's answer to an unsigned command` {
    private func result(_ status: Int32, _ output: String, _ error: String) -> ChildProcess.Result {
        ChildProcess.Result(ending: .exited(status), standardOutput: output, standardError: error)
    }

    @Test func `is known from that of everything else`() {
        #expect(
            GuardCheck.judge(result(77, "", "jarvis-guard: refused: it is no signed request of Jarvis\n")) == .guarded)
        let others = [
            result(0, "uid=0(root)\n", ""), result(77, "uid=0(root)\n", "refused: "), result(77, "", "exit\n"),
            result(1, "", "refused: no\n"), result(255, "", ""),
        ]
        for other in others {
            guard case .refused(let sentence) = GuardCheck.judge(other) else {
                Issue.record("\(other)")
                continue
            }
            #expect(sentence.contains("docs/GUARD.md"))
        }
    }
}

extension RealProcesses {
    @Suite(.enabled(if: access("/usr/bin/ssh-keygen", X_OK) == 0, "ssh-keygen is not installed"))
    struct `Keys of hosts` {
        private func mode(_ path: String) -> mode_t {
            var status = stat()
            return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
        }

        @Test func `are made once, for this user alone, and used where no other is named`() async throws {
            try await withTemporaryDirectory { folder in
                let keys = EnrolledKeys(folder: folder + "/keys")
                let host = try #require(HostName("nexus"))
                let endpoint = SSHEndpoint(address: "h", user: "jarvis")
                #expect(!keys.exists(host) && keys.applied(to: endpoint, of: host) == endpoint)
                let first = try await keys.makeKey(for: host)
                #expect(try await keys.makeKey(for: host) == first && first.kind == "ssh-ed25519")
                #expect(mode(folder + "/keys") == 0o700 && mode(keys.path(host)) == 0o600)
                #expect(namesInDirectory(folder + "/keys") == ["nexus_ed25519"])
                #expect(keys.applied(to: endpoint, of: host).identityFile == keys.path(host))
                #expect(keys.applied(to: endpoint.with(identityFile: "/x"), of: host).identityFile == "/x")

                let next = try await keys.makeNextKey(for: host)
                #expect(try await keys.makeNextKey(for: host) == next && next != first)
                #expect(try await keys.makeKey(for: host) == first)
                try keys.promoteNextKey(of: host)
                #expect(try await keys.makeKey(for: host) == next)
                #expect(throws: HostSetupError.self) { try keys.promoteNextKey(of: host) }
                keys.remove(host)
                #expect(!keys.exists(host) && namesInDirectory(folder + "/keys").isEmpty)
            }
        }

        @Test func `that are damaged are not silently made anew`() async throws {
            try await withTemporaryDirectory { folder in
                let keys = EnrolledKeys(folder: folder + "/keys")
                let host = try #require(HostName("nexus"))
                _ = try await keys.makeKey(for: host)
                try Data("x".utf8).write(to: URL(filePath: keys.path(host)))
                await #expect(throws: HostSetupError.self) { try await keys.makeKey(for: host) }
            }
        }
    }
}
