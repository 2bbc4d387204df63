// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Glibc
import JarvisCore
import JarvisTestSupport
import Logging
import LoopbackSSHD
import Testing

@testable import JarvisHosts

/// A folder that may be read and one that may not, with links between them; no path with "jarvis" may be read.
private struct Links: Sendable {
    let folder: String
    let policy: Policy

    /// Hostile links by name: each is beside files that may be read, and leads nowhere that may.
    static let hostile = ["link", "folder/file", "chain", "newline", "loop", "long", "dash", "accent", "up", "users"]

    static func run(_ body: @Sendable (Links) async throws -> Void) async throws {
        var template = Array("/tmp/readable-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { removeTree(folder) }
        let policy = try ShippedPolicy.get().reading(
            "read \(folder)/open/\nstacks \(folder)/stacks/", name: "test")
        let links = Links(folder: folder, policy: policy)
        links.prepare()
        try await body(links)
    }

    private func prepare() {
        // As long as the kernel lets a link be.
        let long = "\(folder)/closed/" + String(repeating: "./", count: (4_000 - folder.utf8.count) / 2) + "file"
        for name in ["open", "open/sub", "closed", "stacks", "stacks/web", "stacks/evil", "closed/web"] {
            mkdir("\(folder)/\(name)", 0o755)
        }
        for name in [
            "open/file", "open/sub/file", "closed/file", "closed/two\nlines", "open/-n", "closed/-n", "closed/é",
        ] {
            write("content of \(name)\n", to: name)
        }
        write("services: {}\n", to: "stacks/web/compose.yml")
        write("services: {}\n", to: "closed/web/compose.yml")
        link("inside", to: "sub/file")
        link("dangling", to: "sub/none")
        link("link", to: "../closed/file")
        link("folder", to: "\(folder)/closed")
        link("chain", to: "link")
        link("newline", to: "../closed/two\nlines")
        link("loop", to: "loop")
        link("long", to: long)
        link("dash", to: "../closed/-n")
        link("accent", to: "../closed/é")
        link("up", to: "../../../../../../../etc/passwd")
        link("users", to: "/etc/shadow")
        symlink("\(folder)/closed/web/compose.yml", "\(folder)/stacks/evil/compose.yml")
    }

    private func write(_ text: String, to name: String) {
        guard let file = fopen("\(folder)/\(name)", "we") else { return }
        fputs(text, file)
        fclose(file)
    }

    private func link(_ name: String, to target: String) { symlink(target, "\(folder)/open/\(name)") }

    func command(_ text: String) throws -> JudgedStep { .command(try #require(try policy.judge(text).first)) }

    /// The content of every readable file is printed, that of no other.
    func check(_ runner: HostCommandRunner, on host: Host) async throws {
        for (name, content) in [("file", "open/file"), ("inside", "open/sub/file"), ("-n", "open/-n")] {
            let receipt = await runner.run(try command("cat \(folder)/open/\(name)"), on: host, context())
            #expect(receipt.ending == .exited(status: 0), "\(name): \(receipt)")
            #expect(receipt.standardOutput.verbatim == "content of \(content)\n")
        }
        // What is not there the program says itself.
        for name in ["none", "none/of/this", "file/none", "dangling"] {
            let receipt = await runner.run(try command("cat \(folder)/open/\(name)"), on: host, context())
            #expect(receipt.ending == .exited(status: 1), "\(name): \(receipt)")
        }
        for name in Self.hostile {
            for text in [
                "cat \(folder)/open/\(name)", "cat \(folder)/open/file; tail -n 1 \(folder)/open/\(name) | wc -l",
            ] {
                let receipt = await runner.run(try command(text), on: host, context())
                guard case .notStarted(let reason) = receipt.ending else {
                    Issue.record("\(text): \(receipt)")
                    continue
                }
                #expect(
                    reason.contains("symbolic link leads elsewhere") || reason.contains("can't be seen"), "\(reason)")
                #expect(receipt.standardOutput.verbatim == "")
            }
        }
    }
}

extension RealProcesses {
    @Suite struct `A symbolic link` {
        private func withRunner(
            _ links: Links, environment: [String: String] = [:], ssh: SSHConnections? = nil,
            _ body: (HostCommandRunner) async throws -> Void
        ) async throws {
            try await withTemporaryDirectory { directory in
                let environment = ChildEnvironment.restricted(from: environment.merging(["HOME": directory]) { $1 })
                let local = LocalCommandRunner(
                    environment: environment,
                    services: try ServiceSupervisor(directory: "\(directory)/services", environment: environment))
                let connections =
                    try ssh
                    ?? SSHConnections(
                        settings: SSHSettings(
                            runtimeDirectory: "\(directory)/run", knownHostsFile: "\(directory)/pins"),
                        logger: Logger(label: "test"))
                try await body(
                    HostCommandRunner(
                        local: local, ssh: SSHCommandRunner(connections: connections), policy: links.policy,
                        redactor: Redactor()))
            }
        }

        private let local = Host(name: .local, connection: .local)

        @Test func `of this machine is followed before a file is read`() async throws {
            try await Links.run { links in
                try await withRunner(links) { try await links.check($0, on: local) }
            }
        }

        @Test(.enabled(if: hasSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
        func `of another host is, too`() async throws {
            try await Links.run { links in
                try await SSHBed.run { bed in
                    try await withRunner(links, ssh: bed.connections) { try await links.check($0, on: bed.host) }
                    // All over one connection.
                    #expect(children(of: bed.server.pid).count == 1)
                }
            }
        }

        @Test(
            .enabled(if: hasSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"),
            .enabled(if: hasBusyBox, "busybox is not installed; scripts/bootstrap.sh test"))
        func `of a host with nothing but BusyBox is, too`() async throws {
            try await Links.run { links in
                try await withBusyBox { bed in
                    try await withRunner(links, ssh: bed.connections) { try await links.check($0, on: bed.host) }
                }
            }
        }

        @Test func `is followed by readlink where there is no realpath`() async throws {
            try await Links.run { links in
                let programs = "\(links.folder)/bin"
                mkdir(programs, 0o755)
                for name in ["sh", "date", "timeout", "cat", "readlink"] {
                    let places: [String] = ["/usr/bin/\(name)", "/bin/\(name)"]
                    let found = try #require(places.first { access($0, X_OK) == 0 })
                    symlink(found, "\(programs)/\(name)")
                }
                try await withRunner(links, environment: ["PATH": programs]) { runner in
                    let same = "cat \(links.folder)/open/file \(links.folder)/open/inside"
                    let receipt = await runner.run(try links.command(same), on: local, context())
                    #expect(receipt.ending == .exited(status: 0), "\(receipt)")
                    for name in Links.hostile {
                        let receipt = await runner.run(
                            try links.command("cat \(links.folder)/open/\(name)"), on: local, context())
                        guard case .notStarted = receipt.ending else {
                            Issue.record("\(name): \(receipt)")
                            continue
                        }
                    }
                }
            }
        }

        @Test func `is followed before anything is changed`() async throws {
            try await Links.run { links in
                let calls = "\(links.folder)/calls"
                mkdir("\(links.folder)/bin", 0o755)
                let docker = "\(links.folder)/bin/docker"
                let file = try #require(fopen(docker, "we"))
                fputs("#!/bin/sh\necho \"$*\" >>\(calls)\n", file)
                fclose(file)
                chmod(docker, 0o755)
                try await withRunner(links, environment: ["PATH": "\(links.folder)/bin:/usr/bin:/bin"]) { runner in
                    let compose = "docker compose -f \(links.folder)/stacks"
                    let good = await runner.run(
                        try links.command("\(compose)/web/compose.yml restart web"), on: local, context())
                    #expect(good.ending == .exited(status: 0))
                    let evil = await runner.run(
                        try links.command("\(compose)/evil/compose.yml restart web"), on: local, context())
                    guard case .notStarted(let reason) = evil.ending else {
                        Issue.record("\(evil)")
                        return
                    }
                    #expect(reason.hasPrefix("a symbolic link leads elsewhere: "))
                    let text = try #require(readSmallFile(calls))
                    #expect(text.split(separator: "\n").count == 1)
                }
            }
        }

        @Test(.enabled(if: access("/var/log", W_OK) == 0, "/var/log can't be written"))
        func `to a file of others is not truncated`() async throws {
            try await Links.run { links in
                let logs = "/var/log/linktest-\(getpid())"
                mkdir(logs, 0o755)
                defer { removeTree(logs) }
                symlink("\(links.folder)/closed/file", "\(logs)/app.log")
                try await withRunner(links) { runner in
                    let receipt = await runner.run(
                        try links.command("truncate -s 0 \(logs)/app.log"), on: local, context())
                    guard case .notStarted = receipt.ending else {
                        Issue.record("\(receipt)")
                        return
                    }
                    #expect(readSmallFile("\(links.folder)/closed/file") == "content of closed/file\n")
                }
            }
        }

        @Test func `can't be followed without an answer, and then nothing is run`() async throws {
            try await Links.run { links in
                // No realpath, and no docker, in that PATH.
                try await withRunner(links, environment: ["PATH": "\(links.folder)/open"]) { runner in
                    for text in ["cat \(links.folder)/open/file", "docker exec web cat /etc/hosts"] {
                        let receipt = await runner.run(try links.command(text), on: local, context())
                        guard case .notStarted(let reason) = receipt.ending else {
                            Issue.record("\(receipt)")
                            continue
                        }
                        #expect(reason.contains("can't be seen"), "\(reason)")
                    }
                }
                let nowhere = Host(
                    name: SSHBed.name, connection: .ssh(SSHEndpoint(address: "127.0.0.1", port: 1, user: "x")))
                try await withRunner(links) { runner in
                    let receipt = await runner.run(
                        try links.command("cat \(links.folder)/open/file"), on: nowhere, context())
                    guard case .notStarted = receipt.ending else {
                        Issue.record("\(receipt)")
                        return
                    }
                }
            }
        }
    }
}
