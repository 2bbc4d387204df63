// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation
import JarvisCore
import Testing

@testable import JarvisStore

@Suite struct `The folder of attempts to repair the store` {
    private func withPath(_ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "/jarvis-repairs-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func files(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private func attempt(_ number: UInt8) -> StoreRepairAttempt {
        let now = Date(timeIntervalSince1970: 1_795_471_653 + Double(number))
        let target = Target(host: .local, kind: .container, name: "postgres-jarvis")
        let seen = Signal(
            kind: .target, source: "state of \(target)", reading: .badForGood, detail: "exited \u{1F}\"é😀",
            observedAt: now)
        var attempt = StoreRepairAttempt(
            id: IntentID(UUIDv7(at: now, random: Array(repeating: number, count: 10))), epoch: 7,
            action: Action(.containerStart, on: target), canonical: "'docker' 'start' 'postgres-jarvis'",
            commandClass: .bounded, recordedAt: now, remoteDeadlineSeconds: 95, reason: "away", baseline: [seen])
        if number > 1 { attempt.receipt = Receipt(ending: .exited(status: 1), standardError: "no\n", hostBeganAt: 5) }
        if number > 2 { attempt.conclusion = .init(.notFixed, "it stays down", at: now) }
        return attempt
    }

    @Test func `need not exist, and is made with the first attempt, for its own user alone`() async throws {
        try await withPath { path in
            let folder = StoreRepairFolder(path: path)
            #expect(try await folder.attempts() == ([], 0))
            #expect(access(path, F_OK) != 0)
            try await folder.keep(attempt(1))
            let modes = try ([path] + files(in: path).map { "\(path)/\($0)" }).map {
                try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
            }
            #expect(modes == [0o700, 0o600])
        }
    }

    @Test func `gives back what was kept last, oldest first, to any process`() async throws {
        try await withPath { path in
            let folder = StoreRepairFolder(path: path)
            for number: UInt8 in [3, 1, 2] { try await folder.keep(attempt(number)) }
            var told = attempt(2)
            told.isTold = true
            try await folder.keep(told)
            let found = try await StoreRepairFolder(path: path).attempts()
            #expect(found == ([attempt(1), told, attempt(3)], 0))
            try await folder.forget(told.id)
            try await folder.forget(told.id)
            #expect(try await folder.attempts().attempts == [attempt(1), attempt(3)])
        }
    }

    @Test func `keeps the old one when a process died before the new one had its name`() async throws {
        try await withPath { path in
            let folder = StoreRepairFolder(path: path)
            try await folder.keep(attempt(1))
            let name = try #require(try files(in: path).first)
            try Data("half".utf8).write(to: URL(filePath: "\(path)/\(name).new"))
            let found = try await folder.attempts()
            #expect(found == ([attempt(1)], 0))
            #expect(try files(in: path) == [name])
        }
    }

    @Test
    func `takes nothing that was cut off or changed for an attempt, keeps it, and says so until it is taken away`()
        async throws
    {
        try await withPath { path in
            let folder = StoreRepairFolder(path: path)
            try await folder.keep(attempt(1))
            let name = try #require(try files(in: path).first)
            let file = "\(path)/\(name)"
            let whole = try Data(contentsOf: URL(filePath: file))
            var damaged = stride(from: 0, to: whole.count, by: 7).map { Data(whole.prefix($0)) }
            for place in stride(from: 0, to: whole.count, by: 7) {
                var bytes = whole
                bytes[place] ^= 0x10
                damaged.append(bytes)
            }
            damaged.append(whole + [0])
            for bytes in damaged {
                try bytes.write(to: URL(filePath: file))
                for _ in 0..<2 {
                    let found = try await folder.attempts()
                    #expect(found == ([], 1), "\(bytes.count) bytes")
                }
                #expect(try files(in: path) == [name + ".damaged"])
                #expect(try Data(contentsOf: URL(filePath: file + ".damaged")) == bytes)
                try FileManager.default.removeItem(atPath: file + ".damaged")
            }
            #expect(try await folder.attempts() == ([], 0))
        }
    }

    @Test func `follows no link, and believes no other name`() async throws {
        try await withPath { path in
            let folder = StoreRepairFolder(path: path)
            try await folder.keep(attempt(1))
            let name = try #require(try files(in: path).first)
            let other = "\(path)/\(attempt(2).id).repair"
            try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: other)
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(attempt(3).id).repair", withDestinationPath: "\(path)/\(name)")
            mkdir("\(path)/directory.repair", 0o700)
            mkfifo("\(path)/pipe.repair", 0o600)
            let found = try await folder.attempts()
            #expect(found == ([attempt(1)], 4))
        }
    }

    @Test func `says so where it can't keep or read anything`() async throws {
        try await withPath { path in
            try Data().write(to: URL(filePath: path))
            let folder = StoreRepairFolder(path: path)
            await #expect(throws: StoreError.self) { try await folder.keep(attempt(1)) }
            await #expect(throws: StoreError.self) { _ = try await folder.attempts() }
        }
    }
}
