// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

@Suite struct SimulationTests {
    static func run(
        _ world: World, autonomy: Autonomy = .auto, alert: Alert = Homelab.alert(),
        _ prepare: (inout Simulation) -> Void = { _ in }
    ) throws -> Simulation {
        var simulation = Simulation(rules: try Homelab.rules(autonomy: autonomy), world: world, alert: alert)
        prepare(&simulation)
        try simulation.run()
        return simulation
    }

    static func ending(_ simulation: Simulation) -> String {
        guard let closing = simulation.closing else { return simulation.incident.phase.name }
        return closing.outcome.rawValue + (closing.verdict.map { " \($0.rawValue)" } ?? "")
    }

    static let resolve: Simulation.Happening = { try $0.apply(.reported(Homelab.alert(state: .resolved))) }

    static let approve: Simulation.Happening = { simulation in
        try simulation.apply(.decided(.approved, planHash: IncidentLife.hash(simulation.incident), by: "ada"))
    }

    @Test func `a stopped container is started and proven`() throws {
        let simulation = try Self.run(World())
        #expect(Self.ending(simulation) == "fixed verified")
        #expect(simulation.runs == ["'docker' 'start' 'web'"])
        #expect(simulation.now.timeIntervalSince(Homelab.start) < 15)
    }

    @Test func `one that dies at once is not fixed and not started again`() throws {
        let simulation = try Self.run(World(diesAfter: 0.5))
        #expect(Self.ending(simulation) == "escalated notFixed")
        #expect(simulation.runs.count == 1)
    }

    @Test(arguments: [2.0, 5, 8])
    func `one that dies within the window is never called fixed`(_ seconds: Double) throws {
        #expect(Self.ending(try Self.run(World(diesAfter: seconds))) == "escalated notFixed")
        let blind = World(hasServiceProbe: true, prometheusAnswers: false, diesAfter: seconds)
        #expect(Self.ending(try Self.run(blind)) == "escalated notFixed")
    }

    @Test func `slow scrapes are waited for, three of them`() throws {
        let simulation = try Self.run(World(scrapeInterval: 60))
        #expect(Self.ending(simulation) == "fixed verified")
        #expect(simulation.now.timeIntervalSince(Homelab.start) > 180)
        // One that dies after two scrapes is caught by the third.
        #expect(Self.ending(try Self.run(World(scrapeInterval: 60, diesAfter: 130))) == "escalated notFixed")
    }

    /// SPEC section 16, trap 1: a missing alert counted as resolved.
    @Test func `trap 1: with a dead Prometheus only two other kinds prove anything`() throws {
        let both = try Self.run(World(hasServiceProbe: true, prometheusAnswers: false))
        #expect(Self.ending(both) == "fixed verified")
        #expect(both.closing?.reason.contains("target and service") == true)
        let alone = try Self.run(World(prometheusAnswers: false))
        #expect(Self.ending(alone) == "escalated unknown")
        #expect(alone.runs.count == 1)
    }

    @Test func `trap 1: a Prometheus that dies and resolves the alert does not fix it`() throws {
        let simulation = try Self.run(World(prometheusAnswers: false, commandWorks: false)) {
            $0.plan(at: 0.2, Self.resolve)
        }
        #expect(Self.ending(simulation) == "escalated notFixed")
    }

    /// SPEC section 16, trap 2: verification at most 120 s.
    @Test func `trap 2: a repair that shows late is waited for`() throws {
        let simulation = try Self.run(World(hasServiceProbe: true, serviceAnswers: false, scrapeInterval: 100)) {
            $0.plan(at: 250) { $0.world.serviceAnswers = true }
        }
        #expect(Self.ending(simulation) == "fixed verified")
        #expect(simulation.now.timeIntervalSince(Homelab.start) > 300)
    }

    /// SPEC section 16, trap 3: diagnostic-only runs counted as success.
    @Test func `trap 3: looking is never a success`() throws {
        let simulation = try Self.run(World(), autonomy: .observe)
        #expect(Self.ending(simulation) == "escalated")
        #expect(simulation.runs.isEmpty)
        // Nothing was run, so a recovery is nobody's.
        let recovered = try Self.run(World(isRunning: true))
        #expect(Self.ending(recovered) == "selfResolved verified")
    }

    @Test func `what recovers before anything was done is nobody's success`() throws {
        let simulation = try Self.run(World(), autonomy: .approve) {
            $0.plan(at: 100) { simulation in
                simulation.world.start(simulation.now)
                try Self.resolve(&simulation)
            }
        }
        #expect(Self.ending(simulation) == "selfResolved verified")
        #expect(simulation.runs.isEmpty)
    }

    @Test func `resolved without recovery asks again`() throws {
        let simulation = try Self.run(World(prometheusAnswers: false), autonomy: .approve) {
            $0.plan(at: 100, Self.resolve)
        }
        // Asked again about the same plan; its time counts from the second question.
        #expect(simulation.timeline.count { $0.what == "approval needed" } == 2)
        #expect(Self.ending(simulation) == "escalated")
        #expect(simulation.now.timeIntervalSince(Homelab.start) > 86_400 + 100)
    }

    @Test func `a person decides, or nobody does`() throws {
        let approved = try Self.run(World(), autonomy: .approve) { $0.plan(at: 600, Self.approve) }
        #expect(Self.ending(approved) == "fixed verified")
        #expect(approved.runs.count == 1)
        let denied = try Self.run(World(), autonomy: .approve) {
            $0.plan(at: 600) { simulation in
                let hash = IncidentLife.hash(simulation.incident)
                try simulation.apply(.decided(.denied, planHash: hash, by: "ada"))
            }
        }
        #expect(Self.ending(denied) == "handedOver")
        #expect(denied.runs.isEmpty)
        let ignored = try Self.run(World(), autonomy: .approve)
        #expect(Self.ending(ignored) == "escalated")
        #expect(ignored.runs.isEmpty)
    }

    @Test(arguments: [true, false])
    func `a receipt that was lost is never answered by a second run`(_ works: Bool) throws {
        let simulation = try Self.run(World(commandWorks: works)) { $0.crashes = 1 }
        #expect(Self.ending(simulation) == (works ? "fixed verified" : "escalated notFixed"))
        #expect(simulation.runs.count == 1)
    }

    @Test func `a step that never began is tried thrice, then a person is told`() throws {
        let simulation = try Self.run(World(receipt: Receipt(ending: .notStarted(reason: "no session"))))
        #expect(Self.ending(simulation) == "escalated")
        #expect(simulation.incident.attempts.count == 3)
        #expect(simulation.runs.isEmpty)
    }

    @Test func `a host that does not answer is asked again, then a person is told`() throws {
        let simulation = try Self.run(World(hostAnswers: false))
        #expect(Self.ending(simulation) == "escalated")
        #expect(simulation.timeline.count { $0.what == "diagnose again" } == 2)
        #expect(simulation.runs.isEmpty)
        let back = try Self.run(World(hostAnswers: false)) { $0.plan(at: 5) { $0.world.hostAnswers = true } }
        #expect(Self.ending(back) == "fixed verified")
    }

    @Test func `a host lost after the step leaves the verdict to the others`() throws {
        let simulation = try Self.run(World()) { $0.plan(at: 0.2) { $0.world.hostAnswers = false } }
        // Metrics alone are one kind.
        #expect(Self.ending(simulation) == "escalated unknown")
    }

    @Test func `a command that did nothing is not credited with another's recovery`() throws {
        var simulation = Simulation(
            rules: try Homelab.rules(),
            world: World(
                isRunning: true, hasServiceProbe: true, serviceAnswers: false, prometheusAnswers: false,
                commandWorks: false),
            alert: Homelab.alert("ContainerSick"))
        simulation.plan(at: 0.5) { $0.world.serviceAnswers = true }
        try simulation.run()
        #expect(simulation.closing?.outcome != .fixed)
        #expect(simulation.incident.hasActed)
    }

    @Test func `a failed command after which it runs anyway is well, but not because of the command`() throws {
        let world = World(receipt: Receipt(ending: .exited(status: 1)))
        #expect(Self.ending(try Self.run(world)) == "recoveredUnproven unknown")
    }
}
