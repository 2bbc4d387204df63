// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore
import Logging
import LoopbackSSHD
import Testing

@testable import CommandPolicy
@testable import JarvisHosts

/// Everything that starts processes, one test at a time, so that descriptors and processes can be counted.
@Suite(.serialized, .timeLimit(.minutes(3)))
enum RealProcesses {}

let hasSSHD = LoopbackSSHD.isInstalled

/// A command of the test's own; outside tests only the policy makes one.
func judged(_ argv: [String]) -> JudgedCommand {
    JudgedCommand(
        list: CommandList(words: argv), commandClass: .observe, undo: .yes, destroys: false, effects: [], reason: "test"
    )
}

func shell(_ script: String) -> JudgedStep { .command(judged(["sh", "-c", script])) }

func context(_ deadlineSeconds: Int = 20) -> RunContext {
    RunContext(fencingToken: 7, deadlineSeconds: deadlineSeconds)
}

/// Waits for a fact, at most ten seconds.
func eventually(_ fact: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while !fact() {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}

func openDescriptors() -> Int { namesInDirectory("/proc/self/fd").count }

func children(of pid: Int32 = getpid()) -> [ProcessStatus] { ProcessStatus.all().filter { $0.parent == pid } }

func isRunning(_ pid: Int32) -> Bool { ProcessStatus.read(pid: pid)?.isRunning == true }

/// The number in a file that a command under test writes.
func number(in path: String) -> Int32? {
    readSmallFile(path).flatMap { $0.hasSuffix("\n") ? Int32($0.dropLast()) : nil }
}

func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = try makeTemporaryDirectory()
    defer { removeTree(directory) }
    return try await body(directory)
}

/// A server, its host in an inventory, and a runner with running connections.
struct SSHBed: Sendable {
    let server: LoopbackSSHD
    let host: Host
    let connections: SSHConnections
    let runner: SSHCommandRunner

    /// The processes of the server's logins.
    var logins: [Int32] {
        let monitors = children(of: server.pid).map(\.pid)
        return monitors + monitors.flatMap { children(of: $0).map(\.pid) }
    }

    static let name = HostName("testhost") ?? .local

    static func run<Value: Sendable>(
        options: [String] = [], environment: [String: String] = [:], maximumSessions: Int = 6, pinned: HostKey? = nil,
        adjust: @escaping @Sendable (inout SSHSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (SSHBed) async throws -> Value
    ) async throws -> Value {
        try await LoopbackSSHD.run(options: options, environment: environment) { server in
            var settings = server.settings()
            adjust(&settings)
            try KnownHosts(path: server.knownHostsFile).pin([pinned ?? server.hostKey], for: name)
            let connections = try SSHConnections(settings: settings, logger: Logger(label: "test"))
            let bed = SSHBed(
                server: server,
                host: Host(name: name, connection: .ssh(server.endpoint(maximumSessions: maximumSessions))),
                connections: connections, runner: SSHCommandRunner(connections: connections))
            return try await connections.whileRunning { () -> Result<Value, any Error> in
                do { return .success(try await body(bed)) } catch { return .failure(error) }
            }.get()
        }
    }
}
