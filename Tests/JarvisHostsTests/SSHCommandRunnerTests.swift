// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore
import LoopbackSSHD
import Testing

@testable import CommandPolicy
@testable import JarvisHosts

extension RealProcesses {
    @Suite(.enabled(if: hasSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `A command over SSH` {
        @Test func `comes back with both outputs, its status and the host's clock`() async throws {
            try await SSHBed.run { bed in
                let before = Int64(time(nil))
                let receipt = await bed.runner.run(shell("echo out; echo err >&2; exit 7"), on: bed.host, context())
                #expect(receipt.ending == .exited(status: 7))
                #expect(receipt.standardOutput.verbatim == "out\n")
                #expect(receipt.standardError.verbatim == "err\n")
                #expect((before...before + 30).contains(receipt.hostBeganAt ?? 0))
                #expect(receipt.seconds > 0)
            }
        }

        @Test func `has its own exit status, whatever ssh and timeout mean by that number`() async throws {
            try await SSHBed.run { bed in
                for status: Int32 in [0, 1, 7, 124, 125, 126, 127, 128, 137, 143, 254, 255] {
                    let receipt = await bed.runner.run(shell("exit \(status)"), on: bed.host, context())
                    #expect(receipt.ending == .exited(status: status))
                }
                let killed = await bed.runner.run(shell("kill -9 $$"), on: bed.host, context())
                #expect(killed.ending == .exited(status: 137))
                let missing = await bed.runner.run(.command(judged(["/no/such"])), on: bed.host, context())
                #expect(missing.ending == .exited(status: 127))
            }
        }

        @Test func `keeps every argument in one piece`() async throws {
            try await SSHBed.run { bed in
                let hostile = [
                    "$(touch /tmp/owned)", "`id`", "a'b\"c", "x; exit 3", "new\nline", "-rf", "*", "\\", "$HOME", "é😀",
                    " ", "", "'; exit 9; '",
                ]
                let step = JudgedStep.command(judged(["printf", "[%s]"] + hostile))
                let receipt = await bed.runner.run(step, on: bed.host, context())
                #expect(receipt.ending == .exited(status: 0))
                #expect(receipt.standardOutput.verbatim == hostile.map { "[\($0)]" }.joined())
                #expect(access("/tmp/owned", F_OK) != 0)
            }
        }

        @Test func `can't forge its own end`() async throws {
            try await SSHBed.run { bed in
                let forged = "echo 'jarvis1 \(String(repeating: "0", count: 32)) end 0 1' >&2; exit 5"
                let receipt = await bed.runner.run(shell(forged), on: bed.host, context())
                #expect(receipt.ending == .exited(status: 5))
                #expect(receipt.standardError.verbatim.contains("end 0 1"))
            }
        }

        @Test(arguments: ["printf 'no line break' >&2", "printf 'progress\\r' >&2", "printf 'cut \\303' >&2"])
        func `is understood however its error output ends`(script: String) async throws {
            try await SSHBed.run { bed in
                let receipt = await bed.runner.run(shell(script), on: bed.host, context())
                #expect(receipt.ending == .exited(status: 0))
                #expect(!receipt.standardError.verbatim.contains("jarvis1"))
            }
        }

        @Test func `may flood: its end is still known, memory stays bounded`() async throws {
            try await SSHBed.run { bed in
                let flood =
                    "echo first; head -c 100000000 /dev/zero; echo last; head -c 3000000 /dev/urandom >&2; exit 4"
                let receipt = await bed.runner.run(shell(flood), on: bed.host, context(60))
                #expect(receipt.ending == .exited(status: 4))
                let output = receipt.standardOutput.verbatim
                #expect(output.hasPrefix("first\n") && output.hasSuffix("last\n"))
                #expect(output.utf8.count < 140_000)
                #expect(output.contains("… 99868939 bytes left out …"))
                #expect(receipt.standardError.verbatim.contains("bytes left out"))
            }
        }

        @Test func `is ended by the host at its deadline`() async throws {
            try await SSHBed.run { bed in
                let pidFile = "\(bed.server.directory)/pid"
                let receipt = await bed.runner.run(
                    shell("echo $$ > \(pidFile); exec sleep 100"), on: bed.host, context(1))
                #expect(receipt.ending == .timedOut)
                let pid = try #require(number(in: pidFile))
                #expect(!isRunning(pid))
                // A status that only looks like it is the command's own.
                let quick = await bed.runner.run(shell("exit 124"), on: bed.host, context(20))
                #expect(quick.ending == .exited(status: 124))
            }
        }

        @Test func `that is cancelled is unknown, and the connection goes on`() async throws {
            try await SSHBed.run { bed in
                let pidFile = "\(bed.server.directory)/pid"
                let receipt = try await withThrowingTaskGroup(of: Receipt.self) { group in
                    group.addTask {
                        await bed.runner.run(shell("echo $$ > \(pidFile); exec sleep 100"), on: bed.host, context(3))
                    }
                    #expect(try await eventually { number(in: pidFile) != nil })
                    group.cancelAll()
                    return try await #require(group.next())
                }
                guard case .unknown(let reason) = receipt.ending else {
                    Issue.record("\(receipt.ending)")
                    return
                }
                #expect(reason.contains("stopped waiting"))
                let next = await bed.runner.run(shell("exit 3"), on: bed.host, context())
                #expect(next.ending == .exited(status: 3))
                // The host's own deadline ends what nobody waits for.
                let pid = try #require(number(in: pidFile))
                #expect(try await eventually { !isRunning(pid) })
            }
        }

        @Test func `waits for a session when the host's are in use`() async throws {
            try await SSHBed.run(options: ["MaxSessions 2"], maximumSessions: 2) { bed in
                let endings = await withTaskGroup(of: Receipt.Ending.self) { group in
                    for index in 0..<8 {
                        group.addTask {
                            await bed.runner.run(shell("sleep 0.1; exit \(index)"), on: bed.host, context()).ending
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(endings.count == 8)
                for index: Int32 in 0..<8 { #expect(endings.contains(.exited(status: index))) }
            }
        }

        @Test func `that the host gives no session never starts, and never on a connection of its own`() async throws {
            try await SSHBed.run(options: ["MaxSessions 2"], maximumSessions: 8) { bed in
                let directory = bed.server.directory
                let endings = await withTaskGroup(of: Receipt.Ending.self) { group in
                    for index in 0..<8 {
                        group.addTask {
                            await bed.runner.run(
                                shell("echo 1 > \(directory)/ran-\(index); sleep 1"), on: bed.host, context()
                            ).ending
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let refused = endings.filter {
                    if case .notStarted(let reason) = $0 { reason.contains("further session") } else { false }
                }
                let ran = namesInDirectory(directory).filter { $0.hasPrefix("ran-") }
                #expect(!refused.isEmpty)
                #expect(refused.count + endings.filter { $0 == .exited(status: 0) }.count == 8, "\(endings)")
                #expect(ran.count == 8 - refused.count)
                #expect(children(of: bed.server.pid).count == 1)
            }
        }

        @Test func `leaves descriptors and processes as they were, 300 times`() async throws {
            try await SSHBed.run { bed in
                _ = await bed.runner.run(shell("exit 0"), on: bed.host, context())
                let before = (openDescriptors(), children().count)
                await withTaskGroup(of: Receipt.self) { group in
                    for index in 0..<308 {
                        if index >= 8 { #expect(await group.next()?.ending == .exited(status: 0)) }
                        if index < 300 {
                            group.addTask { await bed.runner.run(.command(judged(["id"])), on: bed.host, context()) }
                        }
                    }
                }
                #expect((openDescriptors(), children().count) == before)
                #expect(children(of: bed.server.pid).count == 1)
            }
        }

        @Test func `is no declared service, no other machine's and has a sane deadline`() async throws {
            try await SSHBed.run { bed in
                let service = try #require(DeclaredService(name: ServiceName("web"), argv: ["/bin/true"]))
                let answers = [
                    await bed.runner.run(.service(ServiceStep(.start, service)), on: bed.host, context()),
                    await bed.runner.run(shell(":"), on: Host(name: .local, connection: .local), context()),
                    await bed.runner.run(shell(":"), on: bed.host, context(0)),
                ]
                #expect(
                    answers.map(\.ending) == [
                        .notStarted(reason: "declared services run on the local host only, for now"),
                        .notStarted(reason: "local is not reached over SSH"),
                        .notStarted(reason: "a deadline of 0 s is not between 1 s and a day"),
                    ])
                #expect(try await eventually { bed.logins.isEmpty })
            }
        }
    }
}
