// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisTestSupport

extension Game {
    /// Repairs that work.
    static let fair: [Game] = [
        Game("good: container stopped, started", ["verified"], isFair: true) { world, faultAt, _ in
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
        },
        Game("good: container unhealthy, restarted", ["verified"], isFair: true) { world, faultAt, random in
            world.thing.hasHealthCheck = true
            world.thing.startPeriod = Double.random(in: 0...10, using: &random)
            world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
        },
        Game("good: unit failed, restarted", ["verified"], isFair: true) { world, faultAt, _ in
            world.thing.kind = .unit
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
        },
        Game("good: works some seconds after its start", ["verified"], isFair: true) { world, faultAt, random in
            let warmUp = Double.random(in: 1...20, using: &random)
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
            world.repair = { world, now in
                world.cure(now)
                world.thing.isFaulty = true
                world.plan(at: now + warmUp) { world, _ in world.thing.isFaulty = false }
            }
        },
        Game("good: aggregated over replicas, all of them come back", ["verified"], isFair: true) {
            world, faultAt, _ in
            slowReplica(&world)
            world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
        },
        Game("good: an old restart by its host, long over", ["verified"], isFair: true) { world, faultAt, _ in
            world.thing.restarts = 1
            world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
        },
    ]

    /// Three replicas behind one rule; the thing is one of them.
    static func slowReplica(_ world: inout GameWorld) {
        var rule = ModelPrometheus.Rule(metric: "thing_seconds")
        rule.by = ["name"]
        rule.isAbove = true
        rule.threshold = 5
        world.prometheus.rules = [rule]
        world.metrics = ["a", "b", "c"].map { replica in
            .init(
                name: "thing_seconds", labels: ["instance": "nexus:9100", "name": "web", "replica": replica]
            ) { $0.thing.isGood || replica != "b" ? 1 : 30 }
        }
    }
}
