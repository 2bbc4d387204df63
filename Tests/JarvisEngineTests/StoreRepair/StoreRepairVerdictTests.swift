// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct `The verdict on a repair of the store` {
    private typealias Base = `Repairing the store`

    /// Starts at 126 with this ending, then sees this from `first` on, every 5 s, until there is a verdict.
    private func verdict(
        _ ending: Receipt.Ending, store: StoreRepair.Answer = .good([]), first: Double = 130,
        _ look: (Double) -> StoreRepair.Look
    ) -> (verdict: Verdict, reason: String, at: Double)? {
        var repair = Base.outage(until: 120)
        let attempt = Base.attempt(1, at: 126)
        repair.intended(attempt)
        _ = repair.received(Receipt(ending: ending), of: attempt.id, at: Base.moment(127))
        return verdict(&repair, store, first, look)
    }

    private func verdict(
        _ repair: inout StoreRepair, _ store: StoreRepair.Answer, _ first: Double, _ look: (Double) -> StoreRepair.Look
    ) -> (verdict: Verdict, reason: String, at: Double)? {
        for second in stride(from: first, to: first + 1000, by: 5) {
            repair.answered(store, at: Base.moment(second))
            if case .observe = repair.next(Base.permission, at: Base.moment(second)) {
                repair.looked(look(second), at: Base.moment(second))
            }
            if case .conclude(_, let verdict, let reason) = repair.next(nil, at: Base.moment(second)) {
                return (verdict, reason, second)
            }
        }
        return nil
    }

    @Test func `is verified when the database answers and another run is there, for as long as the window`() throws {
        let found = try #require(
            verdict(.exited(status: 0)) { Base.look(.good, "running", run: "run 2", at: $0) })
        #expect(found.verdict == .verified)
        #expect(found.at == 160)
    }

    @Test func `is never verified where it is the run from before, or none that can be told apart`() throws {
        for run in ["run 1", nil] {
            let found = try #require(
                verdict(.exited(status: 0)) { Base.look(.good, "running", run: run, at: $0) })
            #expect(found.verdict == .unknown, "\(found)")
        }
    }

    @Test(arguments: [Receipt.Ending.exited(status: 1), .timedOut, .unknown(reason: "the connection broke")])
    func `is unknown where all is well and the command did not end well`(_ ending: Receipt.Ending) throws {
        let found = try #require(verdict(ending) { Base.look(.good, "running", run: "run 2", at: $0) })
        #expect(found.verdict == .unknown)
        #expect(found.reason.contains("nobody knows by what"))
    }

    @Test func `is not fixed where it stays down, where the database does not answer, and where nothing began`() throws
    {
        let down = try #require(verdict(.exited(status: 0), store: Base.away) { Base.look(.badForGood, at: $0) })
        #expect(down.verdict == .notFixed && down.at < 160)
        let dumb = try #require(
            verdict(.exited(status: 0), store: Base.away) { Base.look(.good, "running", run: "run 2", at: $0) })
        #expect(dumb.verdict == .notFixed && dumb.at > 400)
        let none = try #require(verdict(.notStarted(reason: "no route to host")) { Base.look(.unknown, at: $0) })
        #expect(none.verdict == .notFixed && none.reason.contains("no route"))
    }

    @Test func `is unknown where nothing can be seen`() throws {
        let found = try #require(
            verdict(.exited(status: 0), store: .unclear("x")) { Base.look(.unknown, "no answer", at: $0) })
        #expect(found.verdict == .unknown)
    }

    @Test func `starts the window anew when one of both fails in between`() throws {
        let found = try #require(
            verdict(.exited(status: 0)) { second in
                Base.look(second == 145 ? .bad : .good, "running", run: "run 2", at: second)
            })
        #expect(found.verdict == .verified && found.at == 180)
    }

    @Test func `of an attempt that a crash cut off is never verified, and nothing is started because of it`() throws {
        let attempt = Base.attempt(1, at: -20)
        var repair = StoreRepair([attempt], at: Base.moment(0))
        repair.answered(.good([]), at: Base.moment(0))
        let seen = verdict(&repair, .good([]), 5) { Base.look(.good, "running", run: "run 2", at: $0) }
        let found = try #require(seen)
        #expect(found.verdict == .unknown && found.reason.contains("interrupted"))
        let concluded = repair.concluded(attempt.id, found.verdict, found.reason, at: Base.moment(40))
        let kept = try #require(concluded)
        #expect(kept.receipt?.ending == .unknown(reason: "Jarvis was interrupted while it ran"))
        #expect(repair.untold == [kept])
    }

    @Test func `of an attempt that was cut off waits until its host has ended it`() throws {
        var repair = StoreRepair([Base.attempt(1, at: 0)], at: Base.moment(5))
        let seen = verdict(&repair, Base.away, 5) { Base.look(.badForGood, at: $0) }
        let found = try #require(seen)
        #expect(found.verdict == .notFixed && found.at >= 95)
    }

    @Test func `is told once, as intent, receipt and verdict`() throws {
        var repair = Base.outage(until: 120)
        let attempt = Base.attempt(1, at: 126)
        repair.intended(attempt)
        #expect(attempt.audit { $0 } == [], "there is nothing to tell yet")
        _ = repair.received(Receipt(ending: .exited(status: 0), seconds: 1.5), of: attempt.id, at: Base.moment(128))
        #expect(repair.untold.isEmpty)
        let concluded = repair.concluded(attempt.id, .verified, "well", at: Base.moment(160))
        let kept = try #require(concluded)
        let records = kept.audit { "digest of \($0)" }
        #expect(records.map(\.event) == [.intent, .receipt, .storeRepair])
        #expect(records.map(\.at) == [126, 128, 160].map { RFC3339.format(Homelab.at($0)) })
        #expect(
            records.allSatisfy { $0.intent == attempt.id && $0.command == attempt.canonical && $0.actor == .jarvis })
        #expect(records[1].exitStatus == 0 && records[1].milliseconds == 1500)
        #expect(records[2].verdict == .verified && records[2].why == "well")
        let told = repair.told(attempt.id)
        #expect(told?.isTold == true)
        #expect(repair.untold.isEmpty)
    }

    @Test func `comes of a start that is judged like every other step, for which a person has spoken in advance`()
        throws
    {
        let names = [(Target.Kind.container, "postgres-jarvis"), (.unit, "postgresql.service"), (.unit, "ssh.service")]
        let host = Host(
            name: Homelab.host, connection: .local, targets: names.map { DeclaredTarget(kind: $0.0, name: $0.1) })
        let rules = EngineRules(
            inventory: Inventory([host]), patterns: [], policy: try ShippedPolicy.get(), digest: { $0 })
        func step(_ name: Action.Name, _ kind: Target.Kind, _ target: String) throws -> JudgedStep {
            let action = Action(name, on: Target(host: Homelab.host, kind: kind, name: target))
            return try StoreRepair.step(of: action, under: rules).step
        }
        let start = try step(.containerStart, .container, "postgres-jarvis")
        #expect(start.canonical == "'docker' 'start' 'postgres-jarvis'" && start.commandClass == .highRisk)
        #expect(try step(.unitStart, .unit, "postgresql.service").canonical.contains("'start'"))
        for (name, kind, target) in [
            (Action.Name.containerRestart, Target.Kind.container, "postgres-jarvis"),
            (.containerStart, .container, "stranger"), (.unitStart, .unit, "ssh.service"),
        ] {
            #expect(throws: ActionCatalogue.Refusal.self, "\(name) \(target)") { try step(name, kind, target) }
        }
    }
}
