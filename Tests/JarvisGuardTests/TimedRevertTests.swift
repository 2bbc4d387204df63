// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisCore
import JarvisHosts
import LoopbackSSHD
import Testing

@testable import JarvisGuard

extension GuardProcesses {
    @Suite(.enabled(if: hasGuardedSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `A timed revert` {
        private static let revert = "'docker' 'start' 'web'"

        private func arm(_ bed: GuardBed, _ id: String, seconds: Int = 5, epoch: UInt64 = 7) async throws {
            let envelope = try bed.requests.envelope(
                Self.revert, .arm(seconds: seconds), epoch: epoch, intent: id, expires: bed.soon,
                commandClass: .bounded)
            let answer = try await bed.send(envelope)
            #expect(answer.result.ending == .exited(0) && answer.marks.status == 0, "\(answer)")
        }

        /// The change that the revert is for; without one it does nothing.
        private func change(_ bed: GuardBed, under id: String) async throws {
            let envelope = try bed.requests.envelope(
                "'docker' 'restart' 'web'", intent: "change-" + id, under: id, expires: bed.soon, deadline: 1, grace: 1,
                commandClass: .bounded)
            let answer = try await bed.send(envelope)
            #expect(answer.marks.status == 3, "\(answer)")
        }

        private func confirm(_ bed: GuardBed, _ id: String, epoch: UInt64 = 7) async throws -> GuardBed.Answer {
            try await bed.send(try bed.requests.envelope("", .confirm, epoch: epoch, intent: id, expires: bed.soon))
        }

        /// The processes that wait, by the folder they wait in.
        private func waiting(_ bed: GuardBed) async throws -> [(pid: Int32, session: Int32, parent: Int32)] {
            let list = try await bed.call("/bin/ps", ["-eww", "-o", "pid=,sid=,ppid=,args="])
            return list.standardOutput.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard words.contains("await"), words.contains(Substring(bed.statePath)) else { return nil }
                return (Int32(words[0]) ?? 0, Int32(words[1]) ?? 0, Int32(words[2]) ?? 0)
            }
        }

        private func eventually(_ fact: () async throws -> Bool) async throws -> Bool {
            for _ in 0..<200 {
                if try await fact() { return true }
                try await Task.sleep(for: .milliseconds(50))
            }
            return false
        }

        @Test func `runs once when nobody comes back, after every session ended`() async throws {
            try await GuardBed.run { bed in
                try await arm(bed, "r1")
                let processes = try await waiting(bed)
                #expect(processes.count == 1)
                // In a session of its own, and no child of anything that ends with the connection.
                #expect(processes.first.map { $0.pid == $0.session && $0.parent != bed.server.pid } == true)
                processes.forEach { kill($0.pid, SIGHUP) }
                try await change(bed, under: "r1")
                #expect(bed.calls == ["restart web"])
                #expect(try await eventually { bed.calls == ["restart web", "start web"] })
                #expect(try await eventually { try await waiting(bed).isEmpty })
                let late = try await confirm(bed, "r1")
                #expect(late.marks.status == 1 && late.text.contains("too late"))
                try await Task.sleep(for: .seconds(1))
                #expect(bed.calls == ["restart web", "start web"])
            }
        }

        @Test func `does nothing when no change was run under it`() async throws {
            try await GuardBed.run { bed in
                try await arm(bed, "r1")
                #expect(try await eventually { try await waiting(bed).isEmpty })
                #expect(bed.calls.isEmpty)
                let late = try bed.requests.envelope(
                    "'docker' 'restart' 'web'", intent: "c1", under: "r1", expires: bed.soon, commandClass: .bounded)
                #expect(try await bed.send(late).marks.refusal?.contains("is not armed") == true)
                #expect(bed.calls.isEmpty)
            }
        }

        @Test func `makes place for a newer one with the same command`() async throws {
            try await GuardBed.run { bed in
                try await arm(bed, "r1", seconds: 6)
                try await change(bed, under: "r1")
                try await arm(bed, "r2", seconds: 60)
                #expect(try await eventually { try await waiting(bed).count == 1 })
                try await change(bed, under: "r2")
                #expect(try await confirm(bed, "r2").marks.status == 0)
                #expect(try await confirm(bed, "r1").marks.status == 1)
                #expect(try await eventually { try await waiting(bed).isEmpty })
                #expect(bed.calls == ["restart web", "restart web"])
            }
        }

        @Test func `is not armed any more once it was confirmed, however late the request comes`() async throws {
            try await GuardBed.run { bed in
                #expect(try await confirm(bed, "r1").marks.status == 1)
                let envelope = try bed.requests.envelope(
                    Self.revert, .arm(seconds: 60), intent: "r1", expires: bed.soon, commandClass: .bounded)
                #expect(try await bed.send(envelope).marks.refusal?.contains("confirmed before") == true)
                #expect(try await waiting(bed).isEmpty)
                // And asking again does not turn the answer around.
                #expect(try await confirm(bed, "r1").marks.status == 1)
            }
        }

        @Test func `is held by jarvis guard as by the program alone`() async throws {
            try await GuardBed.run(through: [jarvisProgram, "guard"]) { bed in
                let look = try await bed.send(try bed.look("'docker' 'ps'"))
                #expect(look.marks.status == 3 && bed.calls == ["ps"])
                try await arm(bed, "r1")
                #expect(try await waiting(bed).count == 1)
                try await change(bed, under: "r1")
                #expect(try await eventually { bed.calls == ["ps", "restart web", "start web"] })
            }
        }

        @Test func `is taken back by a confirmation of its epoch or a later one`() async throws {
            try await GuardBed.run { bed in
                try await arm(bed, "r1", seconds: 6)
                try await change(bed, under: "r1")
                let stale = try await confirm(bed, "r1", epoch: 6)
                #expect(stale.marks.refusal?.contains("epoch 6 is over") == true)
                #expect(try await confirm(bed, "r1").marks.status == 0)
                try await arm(bed, "r2", seconds: 6)
                try await change(bed, under: "r2")
                #expect(try await confirm(bed, "r2", epoch: 8).marks.status == 0)
                let unknown = try await confirm(bed, "r3", epoch: 8)
                #expect(unknown.marks.status == 1 && unknown.text.contains("no timed revert"))
                #expect(try await eventually { try await waiting(bed).isEmpty })
                try await Task.sleep(for: .seconds(7))
                #expect(bed.calls == ["restart web", "restart web"])
            }
        }

        @Test func `is waited for again after its process was killed, and runs once`() async throws {
            try await GuardBed.run { bed in
                try await arm(bed, "r1", seconds: 8)
                try await change(bed, under: "r1")
                for process in try await waiting(bed) { kill(process.pid, SIGKILL) }
                #expect(try await eventually { try await waiting(bed).isEmpty })
                // As at the start of the machine, and as with any request: one process, however often it is asked.
                for _ in 0..<3 {
                    let resumed = try await bed.call(
                        guardProgram, ["resume", "--policy", bed.policyPath, "--state", bed.statePath])
                    #expect(resumed.ending == .exited(0))
                }
                #expect(try await eventually { try await waiting(bed).count == 1 })
                #expect(try await eventually { bed.calls == ["restart web", "start web"] })
                try await Task.sleep(for: .seconds(1))
                #expect(bed.calls == ["restart web", "start web"])
            }
        }

        @Test func `is kept in a file that is read back as it was written`() throws {
            let envelope = try Requests().envelope(
                Self.revert, .arm(seconds: 60), intent: "r1", expires: 100, commandClass: .bounded)
            let revert = TimedRevert(id: "r1", seconds: 60, now: 50, envelope.request)
            #expect(revert.due == 110)
            #expect(TimedRevert(id: "r1", text: revert.text) == revert)
            for length in 0..<revert.text.count {
                #expect(TimedRevert(id: "r1", text: String(revert.text.prefix(length))) == nil)
            }
        }
    }
}
