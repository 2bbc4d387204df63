// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisTestSupport

/// A way in which a fix can look good and not be; or one that really is.
struct Game: Sendable {
    typealias SetUp = @Sendable (inout GameWorld, _ faultAt: Double, inout Seeded) -> Void

    let name: String
    /// How it may end; a claim that is not true is a fault in any.
    let mayEnd: Set<String>
    /// Seconds of the world's life before the fault.
    var history = 120.0
    /// Seconds after the fault at the longest.
    var limit = 3_000.0
    /// Seconds that go on after the first incident has ended.
    var watch = 0.0
    /// Whether it is a plain good repair, which must be proven.
    var isFair = false
    let setUp: SetUp
    fileprivate(set) var number = 0

    /// Nothing was repaired, so nothing may be claimed.
    static let unrepaired: Set<String> = ["notFixed", "unknown", "worsened", "escalated"]
    /// It was good when that was claimed, and is not any more: the claim must be taken back.
    static let takenBack: Set<String> = ["withdrawn", "notFixed", "unknown", "worsened"]

    init(
        _ name: String, _ mayEnd: Set<String> = unrepaired, history: Double = 120, limit: Double = 3_000,
        watch: Double = 0, isFair: Bool = false, setUp: @escaping SetUp
    ) {
        self.name = name
        self.mayEnd = mayEnd
        self.history = history
        self.limit = limit
        self.watch = watch
        self.isFair = isFair
        self.setUp = setUp
    }

    static let all: [Game] = {
        var games = fair + monitoring + delivery + targets + recurring
        for index in games.indices { games[index].number = index }
        return games
    }()

    static func name(of kind: Target.Kind) -> String { kind == .unit ? "web.service" : "web" }

    /// A world of any intervals, delays and clocks, in which the fault comes after `history` seconds.
    func world(at start: Double, _ random: inout Seeded) -> GameWorld {
        var world = GameWorld(at: start)
        let interval = Self.one(of: [1.0, 5, 10, 15, 30, 60], &random)
        world.prometheus.scrapeInterval = interval
        world.prometheus.evaluationInterval = Self.one(of: [1.0, 5, 15, 30, 60].filter { $0 <= 4 * interval }, &random)
        if Bool.random(using: &random) { world.sourceSkew = Double.random(in: -300...300, using: &random) }
        if Bool.random(using: &random) { world.hostSkew = Double.random(in: -300...300, using: &random) }
        let begin = start + world.sourceSkew
        world.prometheus.nextScrape = begin + Double.random(in: 0...interval, using: &random)
        world.prometheus.nextEvaluation =
            begin + Double.random(in: 0...world.prometheus.evaluationInterval, using: &random)
        world.alertmanager.groupWait = Self.one(of: [0.0, 1, 10, 30], &random)
        world.alertmanager.groupInterval = Self.one(of: [1.0, 10, 60, 300], &random)
        world.hasProbe = Bool.random(using: &random)
        world.thing.startedAt = start - 3_600
        var rule = ModelPrometheus.Rule(metric: "thing_up")
        rule.hold = Self.one(of: [0.0, 0, 15, 60], &random)
        rule.keepFiring = Self.one(of: [0.0, 0, 0, 60], &random)
        world.prometheus.rules = [rule]
        setUp(&world, start + history, &random)
        if world.metrics.isEmpty {
            let name = Self.name(of: world.thing.kind)
            world.metrics = [
                .init(name: "thing_up", labels: ["instance": "nexus:9100", "name": name]) { $0.thing.isGood ? 1 : 0 },
                .init(name: "thing_up", labels: ["instance": "nexus:9100", "name": "db"]) { _ in 1 },
            ]
        }
        return world
    }

    static func one<Element>(of choices: [Element], _ random: inout Seeded) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    /// A fault that no restart cures: the thing runs, and does not do its work, but for some seconds after a start.
    ///
    /// - Parameter then: what makes it look good, some seconds after the command.
    static func hiddenFault(
        _ world: inout GameWorld, at faultAt: Double, _ random: inout Seeded,
        then game: @escaping GameWorld.Happening = { _, _ in }
    ) {
        let respite = Bool.random(using: &random) ? Double.random(in: 0...8, using: &random) : 0
        let delay = Double.random(in: 0...20, using: &random)
        world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
        world.repair = { world, now in
            world.thing.start(at: now)
            if respite > 0 {
                world.thing.isFaulty = false
                world.plan(at: now + respite) { world, _ in world.thing.isFaulty = true }
            }
            world.plan(at: now + delay, game)
        }
    }
}
