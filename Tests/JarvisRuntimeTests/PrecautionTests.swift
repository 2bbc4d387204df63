// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct PrecautionTests {
    @Test func `a change waits while a backup runs on its host, and is made after it`() async throws {
        let pipeline = try Pipeline(World.State(processes: ["S    systemd", "Sl   restic"]))
        try await pipeline.deliver()
        #expect(try await pipeline.work(for: 600).isEmpty)
        #expect(pipeline.world.changes.isEmpty)
        #expect(await pipeline.incident?.restrainedBy == "a backup (restic) runs on nexus")
        pipeline.world.change { $0.processes = ["S    systemd"] }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        #expect(await pipeline.incident?.occupiedSince == nil)
    }

    @Test func `a backup that does not end is told to a person`() async throws {
        let pipeline = try Pipeline(World.State(processes: ["R    pg_dump"]))
        try await pipeline.deliver()
        try await pipeline.work(for: 4_000)
        #expect(pipeline.world.changes.isEmpty)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("a dump of a database (pg_dump) runs on nexus") == true)
    }

    @Test func `the time it may wait begins with the backup and not with a pause before it`() async throws {
        let pipeline = try Pipeline()
        let pause = Hold(mode: .pause, host: nil, by: "ada", reason: "", since: pipeline.now)
        try await pipeline.store.place(pause)
        try await pipeline.deliver()
        try await pipeline.work(for: 7_200)
        pipeline.world.change { $0.processes = ["D    dpkg"] }
        _ = try await pipeline.store.lift(.pause, host: nil, by: "ada", at: pipeline.now)
        try await pipeline.work(for: 600)
        #expect(await pipeline.incident?.restrainedBy == "a package upgrade (dpkg) runs on nexus")
    }

    @Test func `names that change do not make it wait for ever`() async throws {
        let pipeline = try Pipeline(World.State(processes: ["S    restic"]))
        try await pipeline.deliver()
        for round in 0..<20 where await pipeline.closing == nil {
            pipeline.world.change { $0.processes = ["S    " + (round.isMultiple(of: 2) ? "restic" : "borg")] }
            try await pipeline.work(for: 300)
        }
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `what a target said last is kept before a restart, and only then`() async throws {
        for (action, isKept) in [(Action.Name.containerRestart, true), (.containerStart, false)] {
            let pipeline = try Pipeline(action: action)
            try await pipeline.deliver()
            try await pipeline.work()
            let id = try #require(await pipeline.incident?.id)
            let entries = await pipeline.store.timeline(of: id, after: 0, limit: 100).map(\.entry)
            let kept = entries.first { $0.what == "last lines" }
            #expect((kept?.detail.contains("run 1 says goodbye") == true) == isKept)
            let intent = try #require(entries.firstIndex { $0.what == "intent" })
            if isKept { #expect(entries.firstIndex { $0.what == "last lines" } == intent - 1) }
            #expect(await pipeline.closing?.outcome == .fixed)
        }
    }
}
