// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

@Suite struct `A store whose database is away` {
    /// Its database ends after ten quiet seconds.
    private func fallingWorld() -> AwayWorld {
        let world = AwayWorld()
        world.change { $0.fallsAt = 10 }
        return world
    }

    private func value(_ name: String, of world: AwayWorld) -> String? {
        world.registry.render().split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .map { String($0.dropFirst(name.count + 1)) }
    }

    @Test func `is started once, which is verified, told once, and forgotten after a day`() async throws {
        let world = fallingWorld()
        try await world.run { !$0.told.isEmpty && $0.files.values.allSatisfy(\.isTold) }
        let seen = world.now
        #expect(seen.commands == ["'docker' 'start' 'postgres-jarvis'"])
        let records = try #require(seen.told.values.first)
        #expect(records.map(\.event) == [.intent, .receipt, .storeRepair])
        #expect(records.last?.verdict == .verified)
        #expect(seen.files.values.map(\.epoch) == [7])
        #expect(value(#"jarvis_store_repairs_total{verdict="verified"}"#, of: world) == "1")
        #expect(seen.asked.compactMap(\.self).isEmpty)
        try await world.run(for: 86_400) { _ in false }
        #expect(world.now.files.isEmpty && world.now.told.count == 1 && world.now.commands.count == 1)
    }

    @Test func `is left alone without permission, and while it is back before the time is over`() async throws {
        let world = fallingWorld()
        try await world.run(allowing: nil) { $0.seconds > 1000 }
        #expect(world.now.commands.isEmpty)
        world.change {
            $0.isRunning = true
            $0.fallsAt = 1100
        }
        try await world.run { $0.seconds > 1210 }
        #expect(world.now.commands.isEmpty && world.now.files.isEmpty)
    }

    @Test func `is left alone when the permission is taken back during the look that would decide`() async throws {
        let world = fallingWorld()
        world.change { $0.looksAllowed = 2 }
        try await world.run { $0.seconds > 600 }
        #expect(world.now.looksAllowed <= 0, "it looked twice")
        #expect(world.now.commands.isEmpty && world.now.files.isEmpty)
    }

    @Test func `asks a person where it is held back, stopped on purpose, occupied, or not to be seen`() async throws {
        let hold = Hold(mode: .pause, host: nil, by: "ann", reason: "", since: Date(timeIntervalSince1970: 0))
        let changes: [(inout AwayWorld.State) -> Void] = [
            { $0.exitCode = 0 }, { $0.processes = ["S    pg_dump"] }, { $0.canBeSeen = false },
            { $0.processesCanBeSeen = false },
            { $0.diskIsFull = true }, { $0.holds = [hold] },
        ]
        for change in changes {
            let world = fallingWorld()
            world.change(change)
            try await world.run { $0.seconds > 600 }
            #expect(world.now.commands.isEmpty && world.now.files.isEmpty)
            #expect(world.now.asked.compactMap(\.self).count == 1, "said once: \(world.now.asked)")
            #expect(value("jarvis_store_repair_needs_person", of: world) == "1")
            world.change { $0.isRunning = true }
            try await world.run { $0.seconds > 700 }
            #expect(world.now.asked.last == .some(nil))
            #expect(value("jarvis_store_repair_needs_person", of: world) == "0")
        }
    }

    @Test func `is not started twice in an outage, and the verdict waits for it to be told`() async throws {
        let world = fallingWorld()
        world.change { $0.staysUpAfterStart = false }
        try await world.run { $0.seconds > 3000 }
        #expect(world.now.commands.count == 1 && world.now.told.isEmpty)
        #expect(world.now.files.values.map(\.conclusion?.verdict) == [.notFixed])
        world.change { $0.isRunning = true }
        try await world.run { $0.seconds > 3100 }
        #expect(world.now.told.values.map(\.last?.verdict) == [.notFixed])
    }

    static let deaths = AwayWorld.Step.allCases.flatMap { step in
        [true, false].map { AwayWorld.Death(step: step, isBefore: $0) }
    }

    @Test(arguments: deaths)
    func `is never started again because a process died`(_ death: AwayWorld.Death) async throws {
        let world = fallingWorld()
        world.change { $0.death = death }
        try await world.run { _ in false }
        #expect(world.now.isDead, "it never came there")
        let before = world.now
        world.change {
            $0.death = nil
            // A process starts with its store only.
            if !$0.isRunning { $0.runs += 1 }
            $0.isRunning = true
            $0.seconds += 5
        }
        try await world.run { $0.seconds > before.seconds + 900 }
        let after = world.now
        #expect(after.commands == before.commands, "a restart starts nothing")
        let isIntentDurable = death != AwayWorld.Death(step: .intentKept, isBefore: true)
        #expect(after.told.count == (isIntentDurable ? 1 : 0))
        #expect(after.files.values.allSatisfy { $0.isTold })
        let records = after.told.values.first ?? []
        #expect(records.map(\.event) == (isIntentDurable ? [.intent, .receipt, .storeRepair] : []))
        let isReceiptDurable = before.files.values.contains { $0.receipt != nil }
        #expect(isReceiptDurable || records.allSatisfy { $0.verdict != .verified }, "nobody knows what the command did")
        #expect(!isReceiptDurable || records.last?.verdict == .verified)
        // The next outage is another one.
        world.change { $0.fallsAt = $0.seconds + 60 }
        try await world.run { $0.commands.count > before.commands.count }
        #expect(world.now.commands.count == before.commands.count + 1)
    }
}
