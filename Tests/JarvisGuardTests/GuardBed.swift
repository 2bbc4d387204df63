// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisCore
import JarvisHosts
import LoopbackSSHD
import Testing

@testable import JarvisGuard

/// Everything that starts processes, one test at a time.
@Suite(.serialized, .timeLimit(.minutes(3)))
enum GuardProcesses {}

/// The product, built beside the tests.
let guardProgram: String = {
    var folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    // The tests are a bundle beside the product, or run inside a program of the toolchain.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? folder
    folder = String(bundle[..<(bundle.lastIndex(of: "/") ?? bundle.startIndex)])
    return folder + "/jarvis-guard"
}()

/// `jarvis`, whose subcommand `guard` is the same.
let jarvisProgram = guardProgram.replacing("/jarvis-guard", with: "/jarvis")

let hasGuardedSSHD = LoopbackSSHD.isInstalled && access("/usr/lib/openssh/sftp-server", X_OK) == 0

/// A real sshd whose one key is tied to the guard by the line that the guard itself prints.
struct GuardBed: Sendable {
    let server: LoopbackSSHD
    let requests: Requests
    /// With a folder that may be read, one that may not, and links between them; no path with "jarvis" may be read.
    let readable: String
    var folder: String { server.directory }
    var statePath: String { folder + "/state" }
    var policyPath: String { folder + "/policy" }
    /// What the stand-in for docker wrote: one line for each call.
    var calls: [String] {
        ((try? String(contentsOfFile: folder + "/calls", encoding: .utf8)) ?? "").split(separator: "\n").map(
            String.init)
    }

    static func run(
        through program: [String] = [guardProgram], _ body: @escaping @Sendable (GuardBed) async throws -> Void
    ) async throws {
        let options = ["Subsystem sftp /usr/lib/openssh/sftp-server", "AcceptEnv *", "PermitUserEnvironment yes"]
        try await LoopbackSSHD.run(options: options) { server in
            var template = Array("/tmp/readable-XXXXXX".utf8CString)
            let readable = try #require(mkdtemp(&template).map { String(cString: $0) })
            defer { removeTree(readable) }
            let bed = GuardBed(server: server, requests: try Requests(), readable: readable)
            try bed.prepare()
            let line = try await bed.call(
                program[0],
                program.dropFirst() + [
                    "print-authorized-key", "--program", program[0], "--policy", bed.policyPath, "--state",
                    bed.statePath,
                    server.identityFile + ".pub",
                ])
            #expect(line.standardOutput.hasPrefix("restrict,command="))
            try Data(line.standardOutput.utf8).write(to: URL(filePath: server.directory + "/authorized_keys"))
            try KnownHosts(path: server.knownHostsFile).pin([server.hostKey], for: try #require(.init("testhost")))
            try await body(bed)
        }
    }

    private func prepare() throws {
        mkdir(folder + "/bin", 0o755)
        try Data("#!/bin/sh\necho \"$*\" >>\(folder)/calls\nenv >>\(folder)/environment\necho done\nexit 3\n".utf8)
            .write(to: URL(filePath: folder + "/bin/docker"))
        chmod(folder + "/bin/docker", 0o755)
        mkdir("\(readable)/open", 0o755)
        mkdir("\(readable)/closed", 0o755)
        for name in ["open", "closed"] {
            try Data("content of \(name)\n".utf8).write(to: URL(filePath: "\(readable)/\(name)/file"))
        }
        symlink("\(readable)/closed/file", "\(readable)/open/link")
        symlink("\(readable)/closed", "\(readable)/open/folder")
        try writePolicy("guard-path \(folder)/bin /usr/sbin /usr/bin /sbin /bin\nread \(readable)/open/")
    }

    func writePolicy(_ more: String) throws {
        try Data(requests.file(more).utf8).write(to: URL(filePath: policyPath))
        chmod(policyPath, 0o644)
    }

    func forgetRestrict() async throws {
        let keys = folder + "/authorized_keys"
        let text = try String(contentsOfFile: keys, encoding: .utf8)
        try Data(text.replacing("restrict,", with: "").utf8).write(to: URL(filePath: keys))
    }

    func call(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], deadline: Duration = .seconds(20)
    ) async throws -> ChildProcess.Result {
        let environment = ["PATH": "/usr/bin:/bin", "HOME": folder + "/home"].merging(environment) { $1 }
        return try await ChildProcess(executable: program, arguments: arguments, environment: environment)
            .run(deadline: deadline)
    }

    /// What every client of OpenSSH gets; the operator's own configuration is left out.
    var clientOptions: [String] {
        [
            "-F", "none", "-i", server.identityFile, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o",
            "UserKnownHostsFile=\(server.knownHostsFile)", "-o", "HostKeyAlias=testhost", "-o", "LogLevel=INFO",
        ]
    }

    func ssh(
        _ options: [String] = [], _ command: [String], environment: [String: String] = [:],
        deadline: Duration = .seconds(20)
    ) async throws -> ChildProcess.Result {
        let all =
            clientOptions + ["-p", "\(server.port)"] + options + ["\(server.endpoint().user)@127.0.0.1"] + command
        return try await call("/usr/bin/ssh", all, environment: environment, deadline: deadline)
    }

    func send(_ envelope: SignedEnvelope) async throws -> Answer {
        let result = try await ssh([], [envelope.line])
        let (marks, text) = EnvelopeMarks.extract(nonce: envelope.request.nonce, from: result.standardError)
        return Answer(result: result, marks: marks, text: text)
    }

    struct Answer {
        let result: ChildProcess.Result
        let marks: EnvelopeMarks
        let text: String
    }

    var soon: Int64 { secondsSince1970() + 60 }

    func look(_ canonical: String) throws -> SignedEnvelope { try requests.envelope(canonical, expires: soon) }

    func change(_ intent: String, epoch: UInt64 = 7, _ canonical: String = "'docker' 'restart' 'web'") throws
        -> SignedEnvelope
    {
        try requests.envelope(canonical, epoch: epoch, intent: intent, expires: soon, commandClass: .bounded)
    }
}
