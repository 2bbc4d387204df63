// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import Glibc
import JarvisHosts
import Testing

@testable import JarvisGuard

extension GuardProcesses {
    @Suite(.enabled(if: hasGuardedSSHD, "openssh-server is not installed; scripts/bootstrap.sh test"))
    struct `A guarded host` {
        @Test func `runs what is signed and allowed, between the marks, with its status`() async throws {
            try await GuardBed.run { bed in
                let answer = try await bed.send(try bed.look("'cat' '\(bed.readable)/open/file'"))
                #expect(answer.result.ending == .exited(0) && answer.marks.status == 0)
                #expect(answer.result.standardOutput == "content of open\n" && answer.text.isEmpty)
                let now = secondsSince1970()
                #expect((now - 30...now).contains(answer.marks.beganAt ?? 0) && answer.marks.endedAt != nil)
                let change = try await bed.send(try bed.change("i1"))
                #expect(change.result.ending == .exited(3) && change.marks.status == 3)
                #expect(bed.calls == ["restart web"])
                let pipe = try await bed.send(try bed.look("'docker' 'ps' | 'wc' '-l'"))
                #expect(pipe.result.standardOutput.contains("1") && pipe.marks.status == 0)
                let quiet = try await bed.send(try bed.look("'cat' '/etc/hosts' >/dev/null"))
                #expect(quiet.result.standardOutput.isEmpty && quiet.marks.status == 0)
                let missing = try await bed.send(try bed.look("'podman' 'ps'"))
                #expect(missing.marks.status == 127)
            }
        }

        @Test func `gives a program nothing of the session's environment`() async throws {
            try await GuardBed.run { bed in
                let line = try bed.look("'docker' 'ps'").line
                let result = try await bed.ssh(
                    ["-o", "SendEnv=*"], [line], environment: ["LC_EVIL": "1", "LD_PRELOAD_X": "/tmp/x", "EVIL": "1"])
                #expect(result.ending == .exited(3))
                let seen = try String(contentsOfFile: bed.folder + "/environment", encoding: .utf8)
                let names = Set(
                    seen.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) })
                // The stand-in is a script, and its shell adds some of its own.
                #expect(names.subtracting(["PATH", "LC_ALL", "PWD", "SHLVL", "_", "OLDPWD"]).isEmpty, "\(names)")
            }
        }

        @Test func `refuses whatever is no signed request`() async throws {
            try await GuardBed.run { bed in
                for command in [
                    "id", "sh -c id", "/usr/lib/openssh/sftp-server", "internal-sftp", "jarvis-guard reset-token",
                    "LC_ALL=C; export LC_ALL; id", "scp -t /tmp/x",
                ] {
                    let result = try await bed.ssh([], [command])
                    #expect(result.ending == .exited(77), "\(command)")
                    #expect(result.standardOutput.isEmpty)
                    #expect(result.standardError.contains("refused: it is no signed request"))
                }
                let shell = try await bed.ssh([], [])
                #expect(shell.ending == .exited(77) && shell.standardError.contains("no command was given"))
                #expect(bed.calls.isEmpty)
            }
        }

        @Test func `refuses requests that are tampered with, foreign, late, stale, too risky or undeclared`()
            async throws
        {
            try await GuardBed.run { bed in
                func refusal(_ envelope: SignedEnvelope) async throws -> String {
                    let answer = try await bed.send(envelope)
                    #expect(answer.result.ending == .exited(77) && answer.marks.beganAt == nil)
                    #expect(answer.result.standardOutput.isEmpty)
                    return answer.marks.refusal ?? "none"
                }
                let good = try bed.look("'docker' 'ps'")
                let line = good.line.replacing("'ps'", with: "'version'")
                let tampered = try await bed.ssh([], [line])
                #expect(tampered.ending == .exited(77) && tampered.standardError.contains("not signed"))
                let now = secondsSince1970()
                let requests = bed.requests
                #expect(
                    try await refusal(try Requests(seed: 9).envelope("'docker' 'ps'", expires: now)).contains("signed"))
                #expect(
                    try await refusal(try requests.envelope("'docker' 'ps'", host: "other", expires: now)).contains(
                        "host"))
                #expect(
                    try await refusal(try requests.envelope("'docker' 'ps'", expires: now - 60)).contains("expired"))
                #expect(try await refusal(try bed.look("'cat' '/etc/shadow'")).contains("secrets"))
                #expect(try await refusal(try bed.change("a", "'docker' 'restart' 'mail'")).contains("allow-target"))
                let risky = try requests.envelope(
                    "'docker' 'stop' 'web'", intent: "b", expires: now + 60, commandClass: .highRisk)
                #expect(try await refusal(risky).contains("no further"))
                #expect(bed.calls.isEmpty)

                _ = try await bed.send(try bed.change("once"))
                #expect(bed.calls == ["restart web"])
                #expect(try await refusal(try bed.change("once")).contains("accepted before"))
                _ = try await bed.send(try bed.change("later", epoch: 9))
                #expect(try await refusal(try bed.change("stale", epoch: 8)).contains("epoch 8 is over"))
                #expect(bed.calls.count == 2)
                // On the host itself the epoch can be given up; the intents can't.
                let reset = try await bed.call(guardProgram, ["reset-token", "--state", bed.statePath])
                #expect(reset.ending == .exited(0) && reset.standardOutput.contains("9"))
                _ = try await bed.send(try bed.change("restored", epoch: 1))
                #expect(bed.calls.count == 3)
                #expect(try await refusal(try bed.change("once")).contains("accepted before"))
            }
        }

        @Test func `accepts an intent once when it comes many times at once`() async throws {
            try await GuardBed.run { bed in
                let envelope = try bed.change("same")
                let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<8 { group.addTask { try await bed.send(envelope).marks.status == 3 } }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(accepted == 1 && bed.calls.count == 1)
            }
        }

        @Test func `refuses a path behind a symbolic link that leads out`() async throws {
            try await GuardBed.run { bed in
                for path in ["open/link", "open/folder/file"] {
                    let answer = try await bed.send(try bed.look("'cat' '\(bed.readable)/\(path)'"))
                    #expect(answer.marks.refusal?.contains("symbolic link") == true, "\(path)")
                    #expect(!answer.result.standardOutput.contains("closed"))
                }
                let known = try await bed.send(try bed.look("'cat' '/etc/os-release'"))
                #expect(known.marks.status == 0)
                let kernel = try await bed.send(try bed.look("'cat' '/proc/mounts' '/proc/net/dev'"))
                #expect(kernel.marks.status == 0, "\(kernel)")
            }
        }

        @Test(arguments: [[guardProgram], [jarvisProgram, "guard"]])
        func `ends a command at its deadline, with all it started`(_ program: [String]) async throws {
            try await GuardBed.run(through: program) { bed in
                let script = "#!/bin/sh\necho $$ >\(bed.folder)/pid\ntrap '' TERM\nwhile :; do sleep 1; done\n"
                try Data(script.utf8).write(to: URL(filePath: bed.folder + "/bin/docker"))
                let stubborn = try bed.requests.envelope("'docker' 'ps'", expires: bed.soon, deadline: 1, grace: 1)
                let answer = try await bed.send(stubborn)
                #expect(answer.marks.status == 137)
                let pid = Int32((try String(contentsOfFile: bed.folder + "/pid", encoding: .utf8)).dropLast()) ?? 0
                #expect(pid > 1 && kill(pid, 0) != 0)
                try Data("#!/bin/sh\nexec sleep 30\n".utf8).write(to: URL(filePath: bed.folder + "/bin/docker"))
                let docile = try bed.requests.envelope("'docker' 'ps'", expires: bed.soon, deadline: 1)
                #expect(try await bed.send(docile).marks.status == 124)
                // Whoever ends the guard ends the command first, and is told so.
                let suicide = "#!/bin/sh\necho $$ >\(bed.folder)/pid\nkill -TERM $PPID\nexec sleep 30\n"
                try Data(suicide.utf8).write(to: URL(filePath: bed.folder + "/bin/docker"))
                let ended = try await bed.send(
                    try bed.requests.envelope("'docker' 'ps'", expires: bed.soon, deadline: 8))
                #expect(ended.marks.status != nil && ended.marks.status != 0)
                let last = Int32((try String(contentsOfFile: bed.folder + "/pid", encoding: .utf8)).dropLast()) ?? 0
                #expect(last > 1 && kill(last, 0) != 0)
            }
        }

        @Test func `does nothing at all with a broken policy, a writable one or a lost memory`() async throws {
            try await GuardBed.run { bed in
                func refusal() async throws -> String {
                    try await bed.send(try bed.look("'docker' 'ps'")).marks.refusal ?? "none"
                }
                try bed.writePolicy("reed /etc/")
                #expect(try await refusal().contains("not understood"))
                try bed.writePolicy("guard-path \(bed.folder)/bin")
                chmod(bed.policyPath, 0o666)
                #expect(try await refusal().contains("others than root"))
                chmod(bed.policyPath, 0o644)
                _ = try await bed.send(try bed.look("'docker' 'ps'"))
                try Data("half".utf8).write(to: URL(filePath: bed.statePath + "/state"))
                #expect(try await refusal().contains("damaged"))
                _ = try await bed.call(guardProgram, ["reset-token", "--state", bed.statePath])
                #expect(try await bed.send(try bed.change("x")).marks.refusal?.contains("accepted before") == true)
                chmod(bed.statePath, 0o777)
                #expect(try await refusal().contains("mode 700"))
                #expect(bed.calls == ["ps"])
            }
        }
    }
}
