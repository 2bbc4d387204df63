// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore
import LoopbackSSHD
import Testing

@testable import JarvisHosts

private let keyA = HostKey(
    kind: "ssh-ed25519", base64: "AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh")
private let keyB = HostKey(
    kind: "ssh-ed25519", base64: "AAAAC3NzaC1lZDI1NTE5AAAAIGJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJi")

@Suite struct `Pinned host keys` {
    private func withFile(_ body: (KnownHosts, String) throws -> Void) throws {
        let directory = try makeTemporaryDirectory()
        defer { removeTree(directory) }
        try body(KnownHosts(path: "\(directory)/known_hosts"), "\(directory)/known_hosts")
    }

    @Test func `are none at first, then listed, then forgotten`() throws {
        try withFile { hosts, path in
            let (a, name) = (try #require(keyA), SSHBed.name)
            #expect(try hosts.list().isEmpty)
            try hosts.pin([a], for: name)
            #expect(try hosts.list() == [name: [a]])
            var status = stat()
            #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(try hosts.remove(name))
            #expect(try !hosts.remove(name))
            #expect(try hosts.list().isEmpty)
        }
    }

    @Test func `are not replaced by others unless that is wanted`() throws {
        try withFile { hosts, _ in
            let (a, b, name) = (try #require(keyA), try #require(keyB), SSHBed.name)
            let other = try #require(HostName("other"))
            try hosts.pin([a], for: other)
            try hosts.pin([a], for: name)
            try hosts.pin([a], for: name)
            #expect(throws: KnownHosts.PinError.differs(pinned: [a])) { try hosts.pin([b], for: name) }
            #expect(throws: KnownHosts.PinError.differs(pinned: [a])) { try hosts.pin([a, b], for: name) }
            #expect(throws: KnownHosts.PinError.noKey) { try hosts.pin([], for: name, replace: true) }
            #expect(try hosts.list()[name] == [a])
            try hosts.pin([b], for: name, replace: true)
            #expect(try hosts.list() == [name: [b], other: [a]])
        }
    }

    @Test func `keep what a person wrote into the file`() throws {
        try withFile { hosts, path in
            let (a, name) = (try #require(keyA), SSHBed.name)
            try replaceFile(path, with: "# mine\n@cert-authority * ssh-ed25519 AAAA\n")
            try hosts.pin([a], for: name)
            #expect(readSmallFile(path)?.hasPrefix("# mine\n@cert-authority * ssh-ed25519 AAAA\ntesthost ") == true)
        }
    }

    @Test func `say so when their file can't be read or written`() throws {
        let a = try #require(keyA)
        #expect(throws: FileError.self) { try KnownHosts(path: "/proc/self/mem").list() }
        #expect(throws: KnownHosts.PinError.self) {
            try KnownHosts(path: "/no/such/dir/pins").pin([a], for: SSHBed.name)
        }
    }

    @Test(arguments: [
        "", "# c", "host ssh-ed25519", "host ssh-dss AAAAB3NzaC1kc3MAAACB",
        "@revoked h ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
        "host ssh-ed25519 AAAA*AAAAAAAAAAAAAAA", "host ssh-ed25519 short",
    ])
    func `are never read from anything else`(line: String) {
        #expect(HostKey(line: line) == nil)
    }
}

@Suite struct `A login's shell` {
    private func output(_ shell: String, flags: String = "", quote: String = "it's", sum: String = "7") -> String {
        "jarvis-shell=\(shell)\njarvis-flags=\(flags)\njarvis-quote=\(quote)\njarvis-arithmetic=\(sum)\njarvis-timeout=0\n"
    }

    @Test(arguments: ["/bin/sh", "/bin/bash", "/usr/bin/dash", "/bin/ash", "/bin/busybox", "/usr/bin/ksh"])
    func `of the sh family is accepted`(path: String) {
        #expect(LoginShellCheck.judge(output(path, flags: "hBc")) == .usable(shell: path))
        #expect(LoginShellCheck.judge("Welcome!\n" + output(path)) == .usable(shell: path))
    }

    @Test(arguments: [
        "/usr/bin/fish", "/bin/csh", "/bin/tcsh", "/bin/zsh", "/bin/rbash", "/usr/sbin/nologin", "/bin/false",
        "/bin/evil",
        "",
    ])
    func `of another family is refused, even when it answers well`(path: String) {
        guard case .refused(let sentence) = LoginShellCheck.judge(output(path)) else {
            Issue.record("accepted \(path)")
            return
        }
        #expect(sentence.hasPrefix("the login shell"))
    }

    @Test func `is refused when it only has the name of one`() {
        for text in [
            output("/bin/sh", quote: "it\\s"), output("/bin/sh", sum: "$((3+4))"), output("/bin/bash", flags: "hrBc"),
            "jarvis-shell=/bin/sh\n", "", "This account is currently not available.\n",
        ] {
            guard case .refused = LoginShellCheck.judge(text) else {
                Issue.record("accepted \(text)")
                continue
            }
        }
        let noTimeout = output("/bin/sh").replacing("timeout=0", with: "timeout=127")
        #expect(LoginShellCheck.judge(noTimeout) != .usable(shell: "/bin/sh"))
    }
}

extension RealProcesses {
    @Suite(.enabled(if: hasSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `Adding a host` {
        private let scanner = HostKeyScanner(environment: ["PATH": "/usr/bin:/bin"])

        @Test func `finds the key that the server has, with the fingerprint its owner sees`() async throws {
            try await LoopbackSSHD.run { server in
                let found = try await scanner.scan(address: "127.0.0.1", port: server.port)
                #expect(found.map(\.key) == [server.hostKey])
                let owners = try await ChildProcess(
                    executable: "/usr/bin/ssh-keygen", arguments: ["-l", "-f", "\(server.directory)/host.pub"]
                ).run(deadline: .seconds(10))
                #expect(owners.standardOutput.contains(" \(found[0].fingerprint) "))
            }
        }

        @Test func `says when nobody answers or the address is none`() async throws {
            let port = try freePort()
            await #expect(throws: HostKeyScanner.ScanError.noKeys) {
                try await scanner.scan(address: "127.0.0.1", port: port, seconds: 1)
            }
            await #expect(throws: HostKeyScanner.ScanError.self) { try await scanner.scan(address: "-f/etc/passwd") }
            await #expect(throws: HostKeyScanner.ScanError.self) { try await scanner.scan(address: "h", port: 0) }
        }

        @Test func `accepts the login of a real shell and refuses a foreign one`() async throws {
            try await SSHBed.run(environment: ["SHELL": "/bin/sh"]) { bed in
                let finding = await LoginShellCheck(connections: bed.connections)
                    .check(bed.host.name, bed.server.endpoint())
                #expect(finding == .usable(shell: "/bin/sh"))
            }
            try await SSHBed.run(environment: ["SHELL": "/usr/bin/fish"]) { bed in
                let finding = await LoginShellCheck(connections: bed.connections)
                    .check(bed.host.name, bed.server.endpoint())
                #expect(
                    finding == .refused("the login shell fish does not read POSIX shell commands; use sh, dash or bash")
                )
            }
            try await SSHBed.run(options: ["ForceCommand echo go away"]) { bed in
                let finding = await LoginShellCheck(connections: bed.connections)
                    .check(bed.host.name, bed.server.endpoint())
                guard case .refused(let sentence) = finding else {
                    Issue.record("\(finding)")
                    return
                }
                #expect(sentence.contains("runs no commands"))
            }
        }
    }
}
