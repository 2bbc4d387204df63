// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import FoundationEssentials
import Glibc
import JarvisCore
import JarvisHosts
import Logging
import LoopbackSSHD
import Testing

@testable import JarvisGuard

extension GuardProcesses {
    /// The runner that the server uses, against the program that stands on a host.
    @Suite(.enabled(if: hasGuardedSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `Jarvis and a guarded host` {
        private func run(
            epoch: UInt64 = 7, isGuarded: Bool = true, signing: Bool = true,
            _ body: @escaping @Sendable (GuardBed, SSHCommandRunner, Host) async throws -> Void
        ) async throws {
            try await GuardBed.run { bed in
                let connections = try SSHConnections(settings: bed.server.settings(), logger: Logger(label: "test"))
                let signer = bed.requests.signer
                let runner = SSHCommandRunner(
                    connections: connections,
                    signing: signing ? GuardSigning(epoch: epoch) { signer.sign($0) } : nil)
                let host = Host(
                    name: try #require(HostName("testhost")), connection: .ssh(bed.server.endpoint()),
                    isGuarded: isGuarded)
                try await connections.whileRunning { () -> Result<Void, any Error> in
                    do { return .success(try await body(bed, runner, host)) } catch { return .failure(error) }
                }.get()
            }
        }

        private func step(_ text: String) throws -> JudgedStep {
            .command(try #require(try Policy.shipped(for: text).assess(text).steps.first))
        }

        private func intent(_ number: UInt8) -> IntentID {
            let time = Date(timeIntervalSince1970: 1_760_000_000)
            return IntentID(UUIDv7(at: time, random: [UInt8](repeating: number, count: 10)))
        }

        private func context(_ intent: IntentID? = nil, under: IntentID? = nil) -> RunContext {
            RunContext(fencingToken: 1, deadlineSeconds: 20, intent: intent, under: under)
        }

        private func reason(_ receipt: Receipt) -> String {
            if case .notStarted(let reason) = receipt.ending { reason } else { "\(receipt.ending)" }
        }

        @Test func `understand each other`() async throws {
            try await run { bed, runner, host in
                let list = await runner.run(try step("docker ps"), on: host, context())
                #expect(list.ending == .exited(status: 3) && list.standardOutput.verbatim == "done\n")
                #expect(list.hostBeganAt != nil)
                let change = await runner.run(try step("docker restart web"), on: host, context(intent(1)))
                #expect(change.ending == .exited(status: 3))
                #expect(bed.calls == ["ps", "restart web"])
            }
        }

        @Test func `know for certain that what was refused did not begin`() async throws {
            try await run { bed, runner, host in
                let id = intent(1)
                _ = await runner.run(try step("docker restart web"), on: host, context(id))
                let again = await runner.run(try step("docker restart web"), on: host, context(id))
                #expect(reason(again).contains("guard refused it: this intent was accepted before"))
                let foreign = await runner.run(try step("docker restart mail"), on: host, context(intent(2)))
                #expect(reason(foreign).contains("allow-target"))
                let nameless = await runner.run(try step("docker restart web"), on: host, context())
                #expect(reason(nameless).contains("needs an intent"))
                #expect(bed.calls == ["restart web"])
            }
        }

        @Test func `arm and confirm a timed revert`() async throws {
            try await run { bed, runner, host in
                guard case .command(let revert) = try step("docker start web") else { return }
                let armed = await runner.arm(revert, after: 5, on: host, context(intent(1)))
                #expect(armed.ending == .exited(status: 0))
                let confirmed = await runner.confirm(on: host, context(intent(1)))
                #expect(confirmed.ending == .exited(status: 0))
                // The answer may have been lost: asked again it is the same.
                let again = await runner.confirm(on: host, context(intent(1)))
                #expect(again.ending == .exited(status: 0))
                let foreign = await runner.confirm(on: host, context(intent(2)))
                #expect(foreign.ending == .exited(status: 1))
                #expect(bed.calls.isEmpty)
            }
        }

        /// The first connection stays open when the way to the host is lost for new ones.
        @Test func `confirm over a new connection alone`() async throws {
            try await run { bed, runner, host in
                guard case .command(let revert) = try step("docker start web") else { return }
                let armed = await runner.arm(revert, after: 60, on: host, context(intent(1)))
                #expect(armed.ending == .exited(status: 0))
                kill(bed.server.pid, SIGSTOP)
                let look = await runner.run(try step("docker ps"), on: host, context())
                #expect(look.ending == .exited(status: 3))
                let cutOff = await runner.confirm(on: host, context(intent(1)))
                #expect(reason(cutOff).contains("can't be reached") || reason(cutOff).contains("in the time there was"))
                kill(bed.server.pid, SIGCONT)
                let confirmed = await runner.confirm(on: host, context(intent(1)))
                #expect(confirmed.ending == .exited(status: 0))
            }
        }

        @Test func `bring the local end of a tunnel up that is down, and have it taken down again`() async throws {
            try await run { bed, runner, host in
                try bed.writePolicy(
                    "guard-path \(bed.folder)/bin /usr/bin /bin\nallow-target unit wg-quick@wgnever0")
                try Data("#!/bin/sh\necho \"systemctl $*\" >>\(bed.folder)/calls\n".utf8)
                    .write(to: URL(filePath: bed.folder + "/bin/systemctl"))
                chmod(bed.folder + "/bin/systemctl", 0o755)
                let policy = try Policy.shipped()
                let start = try policy.judge(words: ["systemctl", "start", "wg-quick@wgnever0.service"], as: .login)
                let confirmed = try #require(policy.commitConfirmed(start, link: .down))
                // The guard goes no further than bounded, and takes Jarvis' word for nothing.
                let alone = await runner.run(.command(confirmed.change), on: host, context(intent(1)))
                #expect(reason(alone).contains("this host for highRisk") || reason(alone).contains("it is highRisk"))
                let armed = await runner.arm(confirmed.revert, after: 5, on: host, context(intent(2)))
                #expect(armed.ending == .exited(status: 0), "\(armed)")
                let under = await runner.run(
                    .command(confirmed.change), on: host, context(intent(3), under: intent(2)))
                #expect(reason(under).contains("would run before this surely ended"))
                let longer = await runner.arm(confirmed.revert, after: 28, on: host, context(intent(4)))
                #expect(longer.ending == .exited(status: 0), "\(longer)")
                let change = await runner.run(
                    .command(confirmed.change), on: host, context(intent(5), under: intent(4)))
                #expect(change.ending == .exited(status: 0), "\(change)")
                #expect(bed.calls == ["systemctl start wg-quick@wgnever0.service"])
                var looks = 0
                while bed.calls.count < 2, looks < 800 {
                    looks += 1
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(bed.calls.last == "systemctl stop wg-quick@wgnever0.service")
                let late = await runner.confirm(on: host, context(intent(4)))
                #expect(late.ending == .exited(status: 1))
            }
        }

        @Test func `have nothing to say without a key`() async throws {
            try await run(signing: false) { bed, runner, host in
                let receipt = await runner.run(try step("docker ps"), on: host, context())
                #expect(reason(receipt).contains("no key to sign with"))
            }
        }

        @Test func `do not mix when the host is not known to be guarded`() async throws {
            try await run(isGuarded: false) { bed, runner, host in
                let receipt = await runner.run(try step("docker restart web"), on: host, context(intent(1)))
                if case .unknown = receipt.ending {} else { Issue.record("\(receipt.ending)") }
                #expect(receipt.standardError.verbatim.contains("no signed request of Jarvis"))
                #expect(bed.calls.isEmpty)
            }
        }
    }
}
