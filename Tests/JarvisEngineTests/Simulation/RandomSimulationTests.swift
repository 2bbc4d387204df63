// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

/// Worlds in which anything may happen at any time; what must always hold is checked by `Simulation` after each event.
@Suite struct RandomSimulationTests {
    static func world(_ random: inout Seeded) -> World {
        let endings: [Receipt.Ending] = [
            .exited(status: 0), .exited(status: 0), .exited(status: 1), .timedOut, .unknown(reason: "u"),
            .notStarted(reason: "n"),
        ]
        return World(
            isRunning: Double.random(in: 0...1, using: &random) > 0.8,
            hostAnswers: Double.random(in: 0...1, using: &random) > 0.1, hasServiceProbe: Bool.random(using: &random),
            prometheusAnswers: Double.random(in: 0...1, using: &random) > 0.3,
            scrapeInterval: [1, 5, 15, 60, 300].randomElement(using: &random) ?? 1,
            diesAfter: Double.random(in: 0...1, using: &random) > 0.7 ? .random(in: 0...200, using: &random) : nil,
            receipt: Receipt(ending: endings.randomElement(using: &random) ?? .timedOut),
            commandWorks: Double.random(in: 0...1, using: &random) > 0.2,
            lookSeconds: Double.random(in: 0...1, using: &random) > 0.8 ? 12 : 0.05)
    }

    static let happenings: [Simulation.Happening] = [
        { try $0.apply(.reported(Homelab.alert(state: .resolved))) },
        { try $0.apply(.reported(Homelab.alert(startsAt: $0.now))) },
        { try $0.apply(.reported(Homelab.alert("UnitFailed", "web", startsAt: $0.now))) },
        { $0.world.start($0.now) }, { $0.world.stop($0.now) }, { $0.world.hostAnswers.toggle() },
        { $0.world.prometheusAnswers.toggle() }, { $0.world.serviceAnswers.toggle() }, { $0.crashes += 1 },
        { $0.world.receipt = Receipt(ending: .exited(status: 0)) }, { $0.world.diesAfter = nil },
        { simulation in
            // Jarvis is away for a while: everything is late.
            simulation.now += 200
        },
        { simulation in
            let hash = IncidentLife.hash(simulation.incident)
            guard case .awaitingApproval = simulation.incident.phase else { return }
            try simulation.apply(.decided(.approved, planHash: hash, by: "ada"))
        },
        { try $0.apply(.refused(step: 1, reason: "policy changed")) },
        { simulation in
            // Every job twice: at-least-once is the queue's promise.
            simulation.queue += simulation.queue.filter { if case .observe = $0.work { true } else { false } }
        },
    ]

    @Test func `every incident ends, and nothing is done or claimed that must not be`() throws {
        var outcomes: [String: Int] = [:]
        var (relapses, withdrawals, undone) = (0, 0, 0)
        for seed in SimulationSeeds.range(3_000) {
            var random = Seeded(seed)
            let names = ["ContainerDown", "ContainerSick", "DiskDying", "Nobody"]
            let name = Double.random(in: 0...1, using: &random) > 0.1 ? names[Int(seed % 2)] : names[Int(seed % 4)]
            let autonomy: Autonomy = Double.random(in: 0...1, using: &random) > 0.3 ? .auto : .approve
            var simulation = Simulation(
                rules: try Homelab.rules(autonomy: autonomy), world: Self.world(&random), alert: Homelab.alert(name))
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                guard let happening = Self.happenings.randomElement(using: &random) else { continue }
                simulation.plan(at: Double.random(in: 0...60, using: &random), happening)
            }
            try simulation.run()
            while simulation.relapses < 3, Double.random(in: 0...1, using: &random) > 0.3 {
                simulation.now += Double.random(in: 0...25_000, using: &random)
                let lives = simulation.relapses
                try simulation.relapse(isReal: Double.random(in: 0...1, using: &random) > 0.2)
                guard simulation.relapses > lives else { break }
            }
            relapses += simulation.relapses
            if Double.random(in: 0...1, using: &random) > 0.7 { try simulation.askForUndo() }
            undone += simulation.undone.count
            withdrawals += simulation.withdrawals
            outcomes[SimulationTests.ending(simulation), default: 0] += 1
            let begun = simulation.incident.attempts.count { attempt in
                if case .notStarted? = attempt.receipt?.ending { false } else { true }
            }
            #expect(simulation.runs.count <= begun, "seed \(seed): a command without its intent")
            #expect(simulation.incident.diagnoses <= 3, "seed \(seed)")
        }
        // A generator that reaches few endings would prove little.
        guard SimulationSeeds.range(3_000).count >= 3_000 else { return }
        #expect(undone > 100)
        #expect(withdrawals > 100 && relapses > withdrawals + 20, "\(withdrawals) of \(relapses)")
        for ending in [
            "fixed verified", "selfResolved verified", "undone", "escalated notFixed", "escalated unknown", "escalated",
        ] {
            #expect(outcomes[ending, default: 0] > 20, "\(outcomes)")
        }
    }
}
