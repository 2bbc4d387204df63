// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisCore
import JarvisHosts
import Logging
import LoopbackSSHD

/// What a run over SSH costs beside the bare client: the same sessions on the same master, in turns.
@main
enum SSHBench {
    static func main() async throws {
        let runs = requestedRuns() ?? 2000
        say("starting sshd on loopback")
        let report = try await LoopbackSSHD.run { server in try await measure(runs, server) }
        try report.write(to: ".results/ssh-bench.json")
        print(report.line)
        // What leaks is a failure whatever it costs; the ratio is judged at full length only.
        let isTooSlow = report.runs >= 2_000 && report.ratioP50 > 1.15
        if report.descriptorsDelta != 0 || report.processesDelta != 0 || isTooSlow { exit(1) }
    }

    private static func measure(_ runs: Int, _ server: LoopbackSSHD) async throws -> Report {
        guard let name = HostName("bench") else { throw BenchError("no host name") }
        try KnownHosts(path: server.knownHostsFile).pin([server.hostKey], for: name)
        let settings = server.settings()
        let connections = try SSHConnections(settings: settings, logger: Logger(label: "ssh-bench"))
        let runner = SSHCommandRunner(connections: connections)
        let host = Host(name: name, connection: .ssh(server.endpoint()))
        return try await connections.whileRunning { () -> Result<Report, any Error> in
            do { return .success(try await turns(runs, runner, host, settings)) } catch { return .failure(error) }
        }.get()
    }

    private static func turns(
        _ runs: Int, _ runner: SSHCommandRunner, _ host: Host, _ settings: SSHSettings
    ) async throws -> Report {
        let run = RunContext(fencingToken: 1, deadlineSeconds: 30)
        let command = try Policy.shipped().judge(words: ["id"])
        let ours: () async throws -> Void = {
            let receipt = await runner.run(.command(command), on: host, run)
            guard receipt.ending == .exited(status: 0) else { throw BenchError("a run ended as \(receipt.ending)") }
        }
        try await ours()
        let sockets = try FileManager.default.contentsOfDirectory(atPath: settings.runtimeDirectory)
        guard let socket = sockets.first(where: { $0.hasSuffix(".s") }),
            let envelope = Envelope(nonce: String(repeating: "0", count: 32), token: 1, deadlineSeconds: 30)
        else { throw BenchError("no connection") }
        let bare = BareClient(
            program: settings.program, socket: "\(settings.runtimeDirectory)/\(socket)",
            environment: settings.environment)
        let line = envelope.line(for: command)
        let ways: [() async throws -> Void] = [ours, { try bare.run(line) }, { try bare.run("true") }]
        for way in ways { for _ in 0..<5 { try await way() } }

        let (descriptors, processes) = (openDescriptors(), childCount())
        var samples: [[Double]] = [[], [], []]
        for index in 0..<runs {
            // Each way is first, second and third equally often: what comes before must not favour one.
            for offset in 0..<3 {
                let way = (index + offset) % 3
                let began = ContinuousClock.now
                try await ways[way]()
                samples[way].append(milliseconds(.now - began))
            }
            if (index + 1) % 200 == 0 { say("\(index + 1) of \(runs)") }
        }
        return Report(
            runs: runs, ours: samples[0], bare: samples[1], plain: samples[2],
            descriptorsDelta: openDescriptors() - descriptors, processesDelta: childCount() - processes)
    }

    private static func requestedRuns() -> Int? {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: "--runs"), index + 1 < arguments.count else { return nil }
        return Int(arguments[index + 1]).flatMap { $0 > 0 ? $0 : nil }
    }

    private static func openDescriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1
    }

    /// Children of all threads of this process, ended ones that nobody collected included.
    private static func childCount() -> Int {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.reduce(0) { count, thread in
            guard let file = fopen("/proc/self/task/\(thread)/children", "re") else { return count }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let length = fread(&bytes, 1, bytes.count, file)
            return count + bytes[..<length].split(separator: UInt8(ascii: " ")).count
        }
    }
}

/// Why there is no result.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
}

func say(_ text: String) {
    let line = Array("ssh-bench: \(text)\n".utf8)
    _ = write(2, line, line.count)
}
