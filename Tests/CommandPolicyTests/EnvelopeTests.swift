// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CommandPolicy

@Suite struct EnvelopeTests {
    static let nonce = "0123456789abcdef0123456789abcdef"

    static func command(_ argv: String...) -> JudgedCommand {
        command(argv)
    }

    static func command(_ argv: [String]) -> JudgedCommand {
        JudgedCommand(
            list: CommandList(words: argv), commandClass: .observe, undo: .yes, destroys: false, effects: [],
            reason: "test")
    }

    static func line(_ command: JudgedCommand, deadline: Int = 20, grace: Int = 5) throws -> String {
        let envelope = try #require(
            Envelope(nonce: nonce, token: 7, deadlineSeconds: deadline, graceSeconds: grace))
        return envelope.line(for: command)
    }

    @Test(arguments: Shell.installed, [0, 1, 2, 42, 126, 255])
    func `the exit status comes back between the marks`(_ shell: Shell, _ status: Int32) async throws {
        let before = Int64(Date().timeIntervalSince1970) - 1
        let ended = try await shell.run(
            Self.line(Self.command("sh", "-c", "printf out; printf err >&2; exit \(status)")))
        let (marks, text) = EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError)
        #expect(marks.status == status)
        #expect(ended.status == status)
        let began = try #require(marks.beganAt)
        let over = try #require(marks.endedAt)
        #expect(before <= began && began <= over && over <= Int64(Date().timeIntervalSince1970) + 1)
        #expect(text == "err\n")
        #expect(ended.standardOutput == Array("out".utf8))
    }

    @Test(arguments: Shell.installed)
    func `hostile words pass through both quotings`(_ shell: Shell) async throws {
        let words = ShellQuotingTests.hostile + [ShellQuotingTests.everyByte]
        let command = Self.command(["printf", "%s\\0"] + words)
        let ended = try await shell.run(Self.line(command))
        #expect(ended.words.map { Array($0.utf8) } == words.map { Array($0.utf8) })
        #expect(EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError).marks.status == 0)
    }

    @Test(arguments: Shell.installed)
    func `a program that is not there is status 127, not a broken connection`(_ shell: Shell) async throws {
        let ended = try await shell.run(Self.line(Self.command("no-such-program-here")))
        #expect(EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError).marks.status == 127)
    }

    @Test(arguments: Shell.installed)
    func `marks that the command itself prints are not taken`(_ shell: Shell) async throws {
        let forged = "jarvis1 \(String(repeating: "0", count: 32)) end 0 1\njarvis1 end 0 1\n"
        let ended = try await shell.run(Self.line(Self.command("sh", "-c", "printf '\(forged)' >&2; exit 3")))
        let (marks, text) = EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError)
        #expect(marks.status == 3)
        #expect(text.contains("end 0 1"))
    }

    @Test(arguments: Shell.installed)
    func `a last line without an end, or with a carriage return, does not swallow the end mark`(_ shell: Shell)
        async throws
    {
        for tail in ["100 %", "100 %\r", "100 %\n", "\r", "\u{1B}[0m"] {
            let ended = try await shell.run(Self.line(Self.command("sh", "-c", "printf '%s' '\(tail)' >&2")))
            let (marks, text) = EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError)
            #expect(marks.status == 0)
            #expect(text.utf8.starts(with: tail.utf8))
        }
    }

    @Test(arguments: Shell.installed)
    func `a shell that is killed leaves no end mark, so the status is unknown`(_ shell: Shell) throws {
        let folder = try Scratch()
        let process = try shell.start(Self.line(Self.command("sleep", "3"), deadline: 2), in: folder)
        while process.isRunning, try !folder.standardError().contains("begin") { sched_yield() }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let (marks, _) = EnvelopeMarks.extract(nonce: Self.nonce, from: try folder.standardError())
        #expect(marks.beganAt != nil)
        #expect(marks.status == nil)
        #expect(marks.endedAt == nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: Shell.installed, [false, true])
    func `the host itself ends a command at its deadline`(_ shell: Shell, _ busyboxOnly: Bool) async throws {
        let folder = try Scratch()
        let tools = busyboxOnly ? try folder.busyboxTools() : nil
        let began = ContinuousClock.now
        let ended = try await shell.run(Self.line(Self.command("sleep", "45"), deadline: 1), tools: tools)
        #expect(ContinuousClock.now - began < .seconds(20))
        // coreutils says 124, BusyBox passes on the signal.
        let status = try #require(EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError).marks.status)
        #expect([124, 143].contains(status))
    }

    @Test(.timeLimit(.minutes(1)), arguments: Shell.installed, [false, true])
    func `a command that ignores TERM is killed after the grace`(_ shell: Shell, _ busyboxOnly: Bool) async throws {
        let folder = try Scratch()
        let tools = busyboxOnly ? try folder.busyboxTools() : nil
        let stubborn = Self.command("sh", "-c", "trap '' TERM; while :; do sleep 1; done")
        let began = ContinuousClock.now
        let ended = try await shell.run(Self.line(stubborn, deadline: 1, grace: 1), tools: tools)
        #expect(ContinuousClock.now - began < .seconds(20))
        let status = EnvelopeMarks.extract(nonce: Self.nonce, from: ended.standardError).marks.status
        #expect(status == 137)
    }

    @Test func `only the one form of nonce and sane deadlines are accepted`() {
        #expect(Envelope(nonce: Self.nonce, token: 0, deadlineSeconds: 1) != nil)
        #expect(Envelope(nonce: Self.nonce, token: .max, deadlineSeconds: 86_400, graceSeconds: 600) != nil)
        let bad = [
            "", "0", String(Self.nonce.dropLast()), Self.nonce + "0", Self.nonce.uppercased(),
            "'; reboot; '0123456789abcdef0123", String(repeating: "é", count: 16), String(repeating: "g", count: 32),
        ]
        for nonce in bad { #expect(Envelope(nonce: nonce, token: 0, deadlineSeconds: 1) == nil) }
        for seconds in [Int.min, -1, 0, 86_401] {
            #expect(Envelope(nonce: Self.nonce, token: 0, deadlineSeconds: seconds) == nil)
        }
        for grace in [0, -1, 601] {
            #expect(Envelope(nonce: Self.nonce, token: 0, deadlineSeconds: 1, graceSeconds: grace) == nil)
        }
    }

    @Test func `the line is one line`() throws {
        #expect(try !Self.line(Self.command("id")).contains("\n"))
    }
}
