// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore
import Logging
import LoopbackSSHD
import Testing

@testable import CommandPolicy
@testable import JarvisHosts

extension RealProcesses {
    @Suite struct `A command on this machine` {
        private let host = Host(name: .local, connection: .local)

        private func withRunner(_ body: @Sendable (LocalCommandRunner, String) async throws -> Void) async throws {
            try await withTemporaryDirectory { directory in
                let environment = ChildEnvironment.restricted(from: ["HOME": directory, "SECRET": "x"])
                let services = try ServiceSupervisor(directory: "\(directory)/services", environment: environment)
                try await body(
                    LocalCommandRunner(environment: environment, services: services, maximumRuns: 2), directory)
            }
        }

        @Test func `gives the same receipt as one over SSH`() async throws {
            try await withRunner { runner, _ in
                let receipt = await runner.run(
                    shell("echo out $SECRET $LC_ALL; echo err >&2; exit 124"), on: host, context())
                #expect(receipt.ending == .exited(status: 124))
                #expect(receipt.standardOutput.verbatim == "out C\n")
                #expect(receipt.standardError.verbatim == "err\n")
                #expect(abs((receipt.hostBeganAt ?? 0) - Int64(time(nil))) < 30)
            }
        }

        @Test func `is not started once the claim on its job ran out`() async throws {
            try await withRunner { runner, directory in
                let late = RunContext(fencingToken: 7, deadlineSeconds: 20, isClaimHeld: { false })
                let receipt = await runner.run(shell("touch \(directory)/ran"), on: host, late)
                #expect(receipt.ending == Receipt.claimLost.ending)
                #expect(access("\(directory)/ran", F_OK) != 0)
            }
        }

        @Test func `is ended at its deadline`() async throws {
            try await withRunner { runner, directory in
                let receipt = await runner.run(
                    shell("echo $$ > \(directory)/pid; exec sleep 100"), on: host, context(1))
                #expect(receipt.ending == .timedOut)
                let pid = try #require(number(in: "\(directory)/pid"))
                #expect(!isRunning(pid))
            }
        }

        @Test func `that is cancelled is unknown, and is ended with all it started`() async throws {
            try await withRunner { runner, directory in
                let pidFile = "\(directory)/pid"
                let receipt = try await withThrowingTaskGroup(of: Receipt.self) { group in
                    group.addTask {
                        await runner.run(shell("echo $$ > \(pidFile); exec sleep 100"), on: host, context(60))
                    }
                    #expect(try await eventually { number(in: pidFile) != nil })
                    group.cancelAll()
                    return try await #require(group.next())
                }
                #expect(
                    receipt.ending
                        == .unknown(reason: "Jarvis stopped waiting; the command had begun"))
                let pid = try #require(number(in: pidFile))
                #expect(try await eventually { !isRunning(pid) })
            }
        }

        @Test func `that is cancelled before it began never started`() async throws {
            try await withRunner { runner, directory in
                let receipt = await withTaskGroup(of: Receipt.self) { group in
                    group.cancelAll()
                    group.addTask { await runner.run(shell("echo > \(directory)/ran"), on: host, context()) }
                    return await group.next()
                }
                #expect(receipt?.ending == .notStarted(reason: "it was cancelled before it began"))
                #expect(access("\(directory)/ran", F_OK) != 0)
            }
        }

        @Test func `is dispatched by the host's connection, services too`() async throws {
            try await withRunner { local, directory in
                let connections = try SSHConnections(
                    settings: SSHSettings(runtimeDirectory: "\(directory)/run", knownHostsFile: "\(directory)/pins"),
                    logger: .init(label: "test"))
                let runner = HostCommandRunner(
                    local: local, ssh: SSHCommandRunner(connections: connections),
                    policy: try Policy.shipped(), redactor: Redactor())
                let here = await runner.run(shell("exit 3"), on: host, context())
                #expect(here.ending == .exited(status: 3))
                let output = await runner.run(
                    shell("echo PASSWORD=hunter2; echo token: hunter2x >&2"), on: host, context())
                #expect(output.standardOutput.verbatim == "PASSWORD=[redacted]\n")
                #expect(output.standardError.verbatim == "token: [redacted]\n")
                let service = try #require(DeclaredService(name: ServiceName("web"), argv: ["/bin/true"]))
                let step = JudgedStep.service(ServiceStep(.inspect, service))
                #expect(await runner.run(step, on: host, context()).standardOutput.verbatim == "{\"running\":false}\n")
                let remote = Host(
                    name: SSHBed.name, connection: .ssh(SSHEndpoint(address: "127.0.0.1", port: 1, user: "x")))
                guard case .notStarted = await runner.run(step, on: remote, context()).ending else {
                    Issue.record("a service started over SSH")
                    return
                }
                let wrong = await local.run(shell(":"), on: remote, context())
                #expect(wrong.ending == .notStarted(reason: "testhost is not this machine"))
            }
        }
    }
}
