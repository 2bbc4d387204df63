// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport

extension Game {
    /// What is good comes back as bad.
    static let recurring: [Game] = [
        flapping("flapping with the period of the window", periods: 11...40, isKnown: true),
        flapping("flapping with a period of minutes", periods: 40...180, isKnown: true),
        flapping("flapping since a moment ago", periods: 11...180, isKnown: false),
        comingBack("comes back after 30 s", after: 30),
        comingBack("comes back after 5 min", after: 300),
        comingBack("comes back after 2 h", after: 7_200),
        comingBack("recurs every 20 min", after: 1_200),
        Game(
            "recurs every 20 h", ["verified"], limit: 90_000, watch: 75_000
        ) { world, faultAt, _ in
            slow(&world)
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
            world.repair = { world, now in
                world.cure(now)
                world.plan(at: now + 72_000) { world, now in world.thing.stop(at: now) }
            }
        },
    ]

    /// It works most of a period, and then for some seconds not; a restart changes nothing about that.
    ///
    /// What has done so for a while before anybody was told must not be called fixed; what only begins to may be, by
    /// all that can be known, until it comes back.
    private static func flapping(_ name: String, periods: ClosedRange<Double>, isKnown: Bool) -> Game {
        Game(
            name, (isKnown ? unrepaired : takenBack.union(["selfResolved"])).union(["no incident"]), history: 1_200,
            watch: isKnown ? 0 : 1_800
        ) { world, faultAt, random in
            let period = Double.random(in: periods, using: &random)
            let down = Double.random(in: 3...6, using: &random) + world.prometheus.scrapeInterval
            world.prometheus.rules[0].keepFiring = 0
            world.prometheus.rules[0].hold = 0
            world.prometheus.evaluationInterval = min(world.prometheus.evaluationInterval, down / 2)
            var at = faultAt - (isKnown ? 1_000 : 0)
            while at < faultAt + 6_000 {
                world.plan(at: at) { world, _ in world.thing.isFaulty = true }
                world.plan(at: at + down) { world, _ in world.thing.isFaulty = false }
                at += (period + down) * Double.random(in: 0.95...1.05, using: &random)
            }
            if isKnown {
                world.alertmanager.isSilenced = true
                world.plan(at: faultAt) { world, _ in world.alertmanager.isSilenced = false }
            }
            world.repair = { world, now in world.thing.start(at: now) }
        }
    }

    private static func comingBack(_ name: String, after seconds: Double) -> Game {
        Game(name, takenBack, limit: 10_000 + 2 * seconds, watch: 3 * seconds + 4_000) { world, faultAt, random in
            if seconds > 600 { slow(&world) }
            let wait = seconds * Double.random(in: 0.9...1.1, using: &random)
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
            world.repair = { world, now in
                world.cure(now)
                world.plan(at: now + wait + 30) { world, now in world.thing.stop(at: now) }
            }
        }
    }

    /// So that hours take no longer than they must.
    private static func slow(_ world: inout GameWorld) {
        world.prometheus.scrapeInterval = max(15, world.prometheus.scrapeInterval)
        world.prometheus.evaluationInterval = max(15, world.prometheus.evaluationInterval)
    }
}
