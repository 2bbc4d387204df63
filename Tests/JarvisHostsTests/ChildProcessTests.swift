// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import JarvisHosts

extension RealProcesses {
    @Suite struct `A child process` {
        private func sh(_ script: String, input: [UInt8]? = nil, limit: OutputLimit = OutputLimit()) -> ChildProcess {
            ChildProcess(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
                standardInput: input, outputLimit: limit,
                teardown: .init(beforeKill: .milliseconds(200), drain: .milliseconds(200)))
        }

        @Test(arguments: [
            ("exit 0", ChildProcess.Ending.exited(0)), ("exit 7", .exited(7)), ("exit 255", .exited(255)),
            ("kill -9 $$", .signalled(9)), ("kill -TERM $$", .signalled(15)), ("exec /no/such", .exited(127)),
        ])
        func `says how it ended`(script: String, ending: ChildProcess.Ending) async throws {
            #expect(try await sh(script).run(deadline: .seconds(20)).ending == ending)
        }

        @Test func `gives both streams back, apart`() async throws {
            let result = try await sh("echo out; echo err >&2").run()
            #expect(result.standardOutput == "out\n")
            #expect(result.standardError == "err\n")
        }

        @Test func `reads its input to the end, larger than a pipe`() async throws {
            let input = [UInt8](repeating: 0x61, count: 1_000_000)
            #expect(try await sh("wc -c", input: input).run(deadline: .seconds(20)).standardOutput == "1000000\n")
        }

        @Test func `may leave its input unread without hurting anybody`() async throws {
            let input = [UInt8](repeating: 0x61, count: 1_000_000)
            #expect(try await sh("exit 3", input: input).run(deadline: .seconds(20)).ending == .exited(3))
        }

        @Test func `gets nothing but three descriptors, its environment and default signals`() async throws {
            let leaked = open("/dev/null", O_RDONLY)
            defer { close(leaked) }
            let listing = ChildProcess(executable: "/bin/ls", arguments: ["/proc/self/fd"])
            // The fourth is the directory that it lists.
            #expect(try await listing.run(deadline: .seconds(20)).standardOutput == "0\n1\n2\n3\n")
            let script =
                "env | grep -v -e ^PWD -e ^_ -e ^SHLVL -e ^OLDPWD; "
                + "grep -E 'SigBlk|SigIgn' /proc/$$/status | tr '\\n\\t' '  '; readlink /proc/$$/cwd"
            // The C library's own spawn leaves its two internal signals (32 and 33) ignored.
            let expected = "PATH=/usr/bin:/bin\nSigBlk: 0000000000000000 SigIgn: 0000000180000000 /\n"
            let output = try await sh(script).run(deadline: .seconds(20)).standardOutput
            #expect(output == expected)
        }

        @Test func `leads a session of its own`() async throws {
            let output = try await sh("cut -d' ' -f1,5,6 /proc/$$/stat").run(deadline: .seconds(20)).standardOutput
            let numbers = output.split(whereSeparator: \.isWhitespace)
            #expect(numbers.count == 3 && Set(numbers).count == 1)
        }

        @Test func `that can't be executed throws, and nothing is left`() async throws {
            let before = openDescriptors()
            await #expect(throws: SpawnError(stage: .execution, number: ENOENT)) {
                try await ChildProcess(executable: "/no/such/program").run()
            }
            await #expect(throws: SpawnError(stage: .execution, number: EACCES)) {
                try await ChildProcess(executable: "/etc/passwd").run()
            }
            #expect(openDescriptors() == before)
        }

        @Test func `is ended at its deadline, even when it ignores TERM`() async throws {
            try await withTemporaryDirectory { directory in
                let began = ContinuousClock.now
                let script = "trap '' TERM; echo $$ > \(directory)/pid; echo before; while :; do :; done"
                let result = try await sh(script).run(deadline: .milliseconds(500))
                #expect(result.ending == .deadlinePassed)
                #expect(result.standardOutput == "before\n")
                #expect(ContinuousClock.now - began < .seconds(5))
                let pid = try #require(number(in: "\(directory)/pid"))
                #expect(!isRunning(pid))
            }
        }

        @Test func `takes what it started with it, also from another process group`() async throws {
            try await withTemporaryDirectory { directory in
                // `timeout` moves itself and its command into a group of its own.
                let script =
                    "timeout 100 sh -c 'trap \"\" TERM; echo $$ > \(directory)/pid; while :; do sleep 1; done'; :"
                let result = try await sh(script).run(deadline: .milliseconds(700))
                #expect(result.ending == .deadlinePassed)
                let pid = try #require(number(in: "\(directory)/pid"))
                #expect(try await eventually { !isRunning(pid) })
            }
        }

        @Test func `is not waited for when something it left keeps its pipes open`() async throws {
            try await withTemporaryDirectory { directory in
                let began = ContinuousClock.now
                let script =
                    "setsid sh -c 'echo $$ > \(directory)/pid; exec sleep 100' & "
                    + "while ! [ -s \(directory)/pid ]; do :; done; echo done"
                let result = try await sh(script).run(deadline: .seconds(20))
                #expect(result.ending == .exited(0))
                #expect(result.standardOutput == "done\n")
                #expect(ContinuousClock.now - began < .seconds(10))
                let pid = try #require(number(in: "\(directory)/pid"))
                kill(pid, SIGKILL)
            }
        }

        @Test func `is ended when its task is cancelled`() async throws {
            try await withTemporaryDirectory { directory in
                let child = sh("echo $$ > \(directory)/pid; exec sleep 100")
                let result = try await withThrowingTaskGroup(of: ChildProcess.Result?.self) { group in
                    group.addTask { try await child.run() }
                    #expect(try await eventually { number(in: "\(directory)/pid") != nil })
                    group.cancelAll()
                    return try await group.next() ?? nil
                }
                #expect(result?.ending == .cancelled)
                let pid = try #require(number(in: "\(directory)/pid"))
                #expect(!isRunning(pid))
            }
        }

        @Test func `floods without filling memory, and its head and tail are kept`() async throws {
            let before = residentKiB()
            let limit = OutputLimit(head: 6, tail: 5)
            let result = try await sh("echo first; head -c 100000000 /dev/zero; echo last", limit: limit)
                .run(deadline: .seconds(60))
            #expect(result.ending == .exited(0))
            #expect(result.standardOutput == "first\n\n… 100000000 bytes left out …\nlast\n")
            #expect(residentKiB() - before < 20_000)
        }

        @Test func `may print anything; what is not UTF-8 is repaired`() async throws {
            let result = try await sh("printf 'a\\377b\\000c\\303'").run(deadline: .seconds(20))
            #expect(result.standardOutput == "a\u{FFFD}b\u{0}c\u{FFFD}")
        }

        @Test func `leaves neither descriptors nor processes, 300 times, 8 at a time`() async throws {
            _ = try await sh("exit 0").run()
            let before = (openDescriptors(), children().count)
            try await withThrowingTaskGroup(of: ChildProcess.Ending.self) { group in
                for index in 0..<308 {
                    let ending = index >= 8 ? try await group.next() : .exited(0)
                    #expect(ending == .exited(0))
                    if index < 300 { group.addTask { try await sh("echo x; echo y >&2").run().ending } }
                }
            }
            #expect((openDescriptors(), children().count) == before)
        }

        private func residentKiB() -> Int {
            let line = readSmallFile("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
    }
}
