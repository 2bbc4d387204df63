// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisApp

@Suite struct SnapshotKeyTests {
    private static func snapshot(_ number: Int) -> Snapshot {
        Snapshot(
            intent: StoreSamples.id(number), incident: StoreSamples.incidentID(1), target: StoreSamples.target(),
            takenAt: StoreSamples.start + 0.123_456_7,
            state: CapturedState([.running: "false", .unitFiles: "Environment=PASSWORD=secret"]))
    }

    @Test func `a snapshot is opened by the key that sealed it, and says nothing without it`() throws {
        let folder = try TemporaryDirectory()
        let key = try SnapshotKey(in: folder.path)
        let sealed = try key.seal(Self.snapshot(1))
        #expect(!String(decoding: sealed.sealed, as: UTF8.self).contains("secret"))
        #expect(try SnapshotKey(in: folder.path).open(sealed) == Self.snapshot(1))
        let elsewhere = try TemporaryDirectory()
        #expect(throws: SnapshotFault.self) { try SnapshotKey(in: elsewhere.path).open(sealed) }
    }

    @Test func `a snapshot of another step, target or time can't be passed off`() throws {
        let folder = try TemporaryDirectory()
        let key = try SnapshotKey(in: folder.path)
        let sealed = try key.seal(Self.snapshot(1))
        let other = Target(host: .local, kind: .container, name: "other")
        for forged in [
            SealedSnapshot(
                intent: StoreSamples.id(2), incident: sealed.incident, target: sealed.target, takenAt: sealed.takenAt,
                sealed: sealed.sealed),
            SealedSnapshot(
                intent: sealed.intent, incident: sealed.incident, target: other, takenAt: sealed.takenAt,
                sealed: sealed.sealed),
            SealedSnapshot(
                intent: sealed.intent, incident: sealed.incident, target: sealed.target, takenAt: sealed.takenAt + 1,
                sealed: sealed.sealed),
        ] { #expect(throws: SnapshotFault.self) { try key.open(forged) } }
    }

    @Test func `it survives being stored`() throws {
        let folder = try TemporaryDirectory()
        let key = try SnapshotKey(in: folder.path)
        let stored = try JSONEncoder().encode(try key.seal(Self.snapshot(1)))
        #expect(try key.open(try JSONDecoder().decode(SealedSnapshot.self, from: stored)) == Self.snapshot(1))
    }
}
