// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisCore
import JarvisHosts
import Logging
import LoopbackSSHD
import Synchronization

/// The window of a stale holder on a host without a guard: from the last look at the claim to the command's first byte.
///
/// Bytes are seen by a relay in front of sshd. The client asks for a channel first and sends the command when it has
/// one; of what it sends in a run only the command is longer than `commandBytes`.
@main
enum WindowBench {
    private static let commandBytes = 250

    static func main() async throws {
        let runs = requestedRuns() ?? 2000
        let (quiet, busy) = try await LoopbackSSHD.run { server in try await measure(runs, server) }
        let values = figures("", quiet) + figures("busy_", busy)
        let line = "window-bench: runs=\(runs) " + values.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        let fields = ["\"runs\": \(runs)"] + values.map { "\"\($0.name)\": \($0.value)" }
        try FileManager.default.createDirectory(atPath: ".results", withIntermediateDirectories: true)
        try Data("{\(fields.joined(separator: ", "))}\n".utf8).write(to: URL(filePath: ".results/window-bench.json"))
        print(line)
        // A holder has a third of its lease, 20 s, until somebody else may hold its job.
        if values.contains(where: { $0.value >= 20_000 }) { exit(1) }
    }

    private static func measure(_ runs: Int, _ server: LoopbackSSHD) async throws -> ([Double], [Double]) {
        guard let name = HostName("bench") else { throw BenchError("no host name") }
        try KnownHosts(path: server.knownHostsFile).pin([server.hostKey], for: name)
        let relay = try Relay(to: server.port)
        try relay.start()
        let connections = try SSHConnections(settings: server.settings(), logger: Logger(label: "window-bench"))
        let runner = SSHCommandRunner(connections: connections)
        let login = server.endpoint()
        let endpoint = SSHEndpoint(
            address: "127.0.0.1", port: relay.port, user: login.user, identityFile: login.identityFile)
        let host = Host(name: name, connection: .ssh(endpoint))
        return try await connections.whileRunning { () -> Result<([Double], [Double]), any Error> in
            do {
                _ = try await windows(5, runner, host, relay)
                let quiet = try await windows(runs, runner, host, relay)
                return .success((quiet, try await whileBusy { try await windows(runs, runner, host, relay) }))
            } catch { return .failure(error) }
        }.get()
    }

    /// Milliseconds from the last look at the claim to the command, of so many runs one after the other.
    private static func windows(_ runs: Int, _ runner: SSHCommandRunner, _ host: Host, _ relay: Relay) async throws
        -> [Double]
    {
        let command = try Policy.shipped().judge(words: ["id"])
        let looked = Mutex<ContinuousClock.Instant?>(nil)
        let run = RunContext(
            fencingToken: 1, deadlineSeconds: 30,
            isClaimHeld: {
                looked.withLock { $0 = .now }
                return true
            })
        var windows: [Double] = []
        for _ in 0..<runs {
            relay.clear()
            let receipt = await runner.run(.command(command), on: host, run)
            guard receipt.ending == .exited(status: 0), let look = looked.withLock({ $0 }),
                let sent = relay.seen.first(where: { $0.at >= look && $0.bytes >= commandBytes })
            else { throw BenchError("a run ended as \(receipt.ending), with \(relay.seen.map(\.bytes)) bytes") }
            let window = look.duration(to: sent.at).components
            windows.append(Double(window.seconds) * 1000 + Double(window.attoseconds) / 1e15)
        }
        return windows
    }

    /// Beside four programs that want a processor for themselves each.
    private static func whileBusy(_ body: () async throws -> [Double]) async throws -> [Double] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    _ = try await ChildProcess(executable: "/bin/sh", arguments: ["-c", "while :; do :; done"]).run()
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private static func figures(_ prefix: String, _ samples: [Double]) -> [(name: String, value: Double)] {
        let sorted = samples.sorted()
        return [("p50", 0.5), ("p99", 0.99), ("max", 1)].map { name, part in
            let value = sorted.isEmpty ? .infinity : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
            return ("\(prefix)\(name)_ms", (value * 1000).rounded() / 1000)
        }
    }

    private static func requestedRuns() -> Int? {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: "--runs"), index + 1 < arguments.count else { return nil }
        return Int(arguments[index + 1]).flatMap { $0 > 0 ? $0 : nil }
    }
}

/// Why there is no result.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
