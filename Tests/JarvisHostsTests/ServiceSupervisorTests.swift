// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisCore
import LoopbackSSHD
import Testing

@testable import JarvisHosts

extension RealProcesses {
    @Suite struct `A declared service` {
        fileprivate struct State: Decodable, Equatable {
            let running: Bool
            let pid: Int32?
            let startedAt: String?
        }

        /// A supervisor and a service in a directory; what runs in the end is killed.
        fileprivate struct Bed {
            let directory: String
            let name: ServiceName
            let supervisor: ServiceSupervisor
            let service: DeclaredService

            init(_ directory: String, _ argv: [String], termPause: Duration = .seconds(5)) throws {
                self.directory = directory
                name = try ServiceName("web")
                supervisor = try ServiceSupervisor(
                    directory: "\(directory)/services", environment: ["PATH": "/usr/bin:/bin", "COLOUR": "blue"],
                    logLimit: 1000, termPause: termPause)
                service = try #require(DeclaredService(name: name, argv: argv))
            }

            var log: String { "\(directory)/services/web.log" }

            func run(_ operation: ServiceStep.Operation) async -> Receipt {
                await supervisor.run(ServiceStep(operation, service), deadline: .seconds(20))
            }

            func state(_ receipt: Receipt) throws -> State {
                #expect(receipt.ending == .exited(status: 0))
                return try JSONDecoder().decode(State.self, from: Data(receipt.standardOutput.verbatim.utf8))
            }

            func inspect() async throws -> State { try state(await run(.inspect)) }
        }

        private func run(_ argv: [String], termPause: Duration = .seconds(5), _ body: (Bed) async throws -> Void)
            async throws
        {
            try await withTemporaryDirectory { directory in
                let bed = try Bed(directory, argv, termPause: termPause)
                do { try await body(bed) } catch { Issue.record(error) }
                if let pid = try await bed.inspect().pid { kill(-pid, SIGKILL) }
            }
        }

        @Test func `starts as a daemon of its own and says as which process`() async throws {
            try await run(["/bin/sh", "-c", "echo up $COLOUR; exec sleep 100"]) { bed in
                #expect(try await bed.inspect() == State(running: false, pid: nil, startedAt: nil))
                let state = try bed.state(await bed.run(.start))
                let pid = try #require(state.pid)
                let status = try #require(ProcessStatus.read(pid: pid))
                #expect(state == State(running: true, pid: pid, startedAt: "\(status.startTicks)"))
                #expect(status.parent != getpid())
                #expect(status.session == pid)
                #expect(try await eventually { readSmallFile(bed.log) == "up blue\n" })
                // `sleep` itself has a library open for a moment.
                #expect(try await eventually { namesInDirectory("/proc/\(pid)/fd").sorted() == ["0", "1", "2"] })
                #expect(try await bed.inspect() == state)
            }
        }

        @Test func `is started once, however often and at the same time it is asked for`() async throws {
            try await run(["/bin/sleep", "100"]) { bed in
                let states = try await withThrowingTaskGroup(of: State.self) { group in
                    for _ in 0..<8 { group.addTask { try bed.state(await bed.run(.start)) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(states.map(\.pid)).count == 1)
            }
        }

        @Test func `is another process after a restart, and the old one is gone`() async throws {
            try await run(["/bin/sleep", "100"]) { bed in
                let first = try bed.state(await bed.run(.start))
                let second = try bed.state(await bed.run(.restart))
                #expect(second.running && second.pid != first.pid)
                let old = try #require(first.pid)
                #expect(!isRunning(old))
            }
        }

        @Test func `that ignores TERM is killed, with what it started`() async throws {
            let script =
                "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & while :; do sleep 1; done"
            try await run(["/bin/sh", "-c", script], termPause: .milliseconds(200)) { bed in
                let first = try bed.state(await bed.run(.start))
                #expect(try await eventually { number(in: bed.log) != nil })
                let started = try #require(number(in: bed.log))
                let second = try bed.state(await bed.run(.restart))
                #expect(second.running && second.pid != first.pid)
                let old = try #require(first.pid)
                #expect(!isRunning(old))
                #expect(try await eventually { !isRunning(started) })
            }
        }

        @Test func `that crashed is not running, and can be started again`() async throws {
            try await run(["/bin/sleep", "100"]) { bed in
                let first = try bed.state(await bed.run(.start))
                kill(try #require(first.pid), SIGKILL)
                #expect(try await eventually { !isRunning(first.pid ?? 0) })
                #expect(try await bed.inspect().running == false)
                #expect(try bed.state(await bed.run(.start)).running)
            }
        }

        @Test func `is known to a later supervisor`() async throws {
            try await run(["/bin/sleep", "100"]) { bed in
                let first = try bed.state(await bed.run(.start))
                let later = try Bed(bed.directory, ["/bin/sleep", "100"])
                #expect(try await later.inspect() == first)
                #expect(try later.state(await later.run(.start)) == first)
            }
        }

        @Test(arguments: [
            "", "x", "1 1 boot\n", "-1 5 boot\n", "99999999999 1 b\n", "\u{0}", "SELF 1 BOOT\n",
            "SELF TICKS otherboot\n",
        ])
        func `is never mistaken for another process, whatever the pid file says`(text: String) async throws {
            try await run(["/bin/sleep", "100"]) { bed in
                let own = try #require(ServiceProcess(pid: getpid()))
                let hostile = text.replacing("SELF", with: "\(own.pid)").replacing("BOOT", with: own.boot)
                    .replacing("TICKS", with: "\(own.startTicks)")
                try replaceFile("\(bed.directory)/services/web.pid", with: hostile)
                #expect(try await bed.inspect().running == false)
                // This very process is what a wrong answer would end.
                #expect(try bed.state(await bed.run(.restart)).running)
            }
        }

        @Test func `that can't be executed is not started, and what runs is left alone`() async throws {
            try await run(["/no/such/program"]) { bed in
                guard case .notStarted(let reason) = await bed.run(.start).ending else {
                    Issue.record("started")
                    return
                }
                #expect(reason == "/no/such/program: No such file or directory")
                let state = try await bed.inspect()
                #expect(!state.running)
            }
            try await run(["/bin/sleep", "100"]) { bed in
                let first = try bed.state(await bed.run(.start))
                let broken = try Bed(bed.directory, ["/etc/passwd"])
                let receipt = await broken.run(.restart)
                #expect(receipt.ending == .notStarted(reason: "/etc/passwd: Permission denied"))
                #expect(try await bed.inspect() == first)
            }
        }

        @Test func `that the kernel refuses to execute says so after the old one was ended`() async throws {
            try await run(["/bin/sleep", "100"]) { bed in
                _ = await bed.run(.start)
                let program = "\(bed.directory)/garbage"
                try replaceFile(program, with: "\u{7F}ELF nonsense")
                chmod(program, 0o700)
                let receipt = try await Bed(bed.directory, [program]).run(.restart)
                #expect(receipt.ending == .exited(status: 127))
                #expect(receipt.standardError.verbatim.contains("Exec format error"))
                #expect(receipt.standardOutput.verbatim == "{\"running\":false}\n")
            }
        }

        @Test func `gets its arguments as they were declared`() async throws {
            let hostile = ["$(id)", "`id`", "a'b\"c", "x; exit", "new\nline", "*", "\\", "$HOME", " ", "é"]
            try await run(["/usr/bin/printf", "[%s]"] + hostile) { bed in
                _ = await bed.run(.start)
                let expected = hostile.map { "[\($0)]" }.joined()
                let isLogged = try await eventually { readSmallFile(bed.log) == expected }
                #expect(isLogged)
            }
        }

        @Test func `has a log that is set aside when it is large, and files of its own`() async throws {
            try await run(["/bin/sh", "-c", "head -c 2000 /dev/zero | tr '\\0' x"]) { bed in
                for _ in 0..<3 {
                    _ = await bed.run(.start)
                    let isLogged = try await eventually { readSmallFile(bed.log)?.utf8.count == 2000 }
                    let hasEnded = try await eventually { bed.supervisorIsIdle }
                    #expect(isLogged && hasEnded)
                }
                #expect(readSmallFile("\(bed.log).1")?.utf8.count == 2000)
                for name in namesInDirectory("\(bed.directory)/services") {
                    var status = stat()
                    #expect(lstat("\(bed.directory)/services/\(name)", &status) == 0)
                    #expect(status.st_mode & 0o077 == 0)
                }
            }
        }

        @Test func `never starts when its pid can't be noted`() async throws {
            try await run(["/bin/sh", "-c", "echo ran; exec sleep 100"]) { bed in
                // A directory in the place of the pid file: the new one can't replace it.
                mkdir("\(bed.directory)/services/web.pid", 0o700)
                mkdir("\(bed.directory)/services/web.pid/x", 0o700)
                guard case .notStarted = await bed.run(.start).ending else {
                    Issue.record("started")
                    return
                }
                #expect(readSmallFile(bed.log) == "")
                let zombies = children().filter { !$0.isRunning }
                #expect(zombies.isEmpty)
            }
        }

        @Test func `needs a directory that is its own`() throws {
            let directory = try makeTemporaryDirectory()
            defer { removeTree(directory) }
            symlink("/etc", "\(directory)/link")
            for path in ["relative", "\(directory)/link", "/proc/self/status"] {
                #expect(throws: FileError.self) { try ServiceSupervisor(directory: path, environment: [:]) }
            }
        }
    }
}

extension RealProcesses.`A declared service`.Bed {
    fileprivate var supervisorIsIdle: Bool {
        readSmallFile("\(directory)/services/web.pid").flatMap { ServiceProcess(fileText: $0) }?.isRunning == false
    }
}
