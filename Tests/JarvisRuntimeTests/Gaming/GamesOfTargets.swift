// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisTestSupport

extension Game {
    /// The state on the host looks good, or did for a moment.
    static let targets: [Game] = [
        Game("container up but unhealthy") { world, faultAt, random in
            world.thing.hasHealthCheck = true
            world.thing.startPeriod = Double.random(in: 0...30, using: &random)
            hiddenFault(&world, at: faultAt, &random)
        },
        Game("health check removed, and its metric with it") { world, faultAt, random in
            // What the rule counts are failed requests, and nobody asks any more.
            world.hasProbe = false
            world.thing.hasHealthCheck = true
            var rule = ModelPrometheus.Rule(metric: "thing_failures")
            rule.isAbove = true
            world.prometheus.rules = [rule]
            world.metrics = [
                .init(name: "thing_failures", labels: ["instance": "nexus:9100", "name": "web"]) {
                    $0.thing.isFaulty && $0.thing.hasHealthCheck ? 9 : 0
                }
            ]
            world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
            world.repair = { world, now in
                world.thing.start(at: now)
                world.thing.hasHealthCheck = false
            }
        },
        Game("port answers with 500") { world, faultAt, random in
            world.hasProbe = true
            hiddenFault(&world, at: faultAt, &random) { world, _ in
                // The exporter only sees that it runs.
                world.metrics[0].value = { $0.thing.isRunning ? 1 : 0 }
            }
            world.metrics = [
                .init(name: "thing_up", labels: ["instance": "nexus:9100", "name": "web"]) { $0.thing.isGood ? 1 : 0 }
            ]
        },
        Game("unit active (exited)") { world, faultAt, random in
            world.thing.kind = .unit
            world.thing.remainsActive = true
            world.hasProbe = false
            // node_systemd_unit_state{state="failed"} == 1: a unit that only looks active is not failed.
            var rule = ModelPrometheus.Rule(metric: "unit_failed")
            rule.threshold = 1
            world.prometheus.rules = [rule]
            world.metrics = [
                .init(name: "unit_failed", labels: ["instance": "nexus:9100", "name": "web.service"]) {
                    $0.thing.isRunning || $0.thing.remainsActive ? 0 : 1
                }
            ]
            world.plan(at: faultAt) { world, now in
                world.thing.remainsActive = false
                world.thing.stop(at: now)
            }
            let life = Double.random(in: 0...2, using: &random)
            world.repair = { world, now in
                world.thing.start(at: now)
                world.thing.remainsActive = true
                world.thing.lifespan = life
            }
        },
        Game("dies a second after its start") { world, faultAt, random in
            world.thing.kind = one(of: [.unit, .container], &random)
            let life = Double.random(in: 0.2...2, using: &random)
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
            world.repair = { world, now in
                world.thing.start(at: now)
                world.thing.lifespan = life
            }
        },
        Game("restarted by its host every twenty seconds", unrepaired.union(["no incident"]), history: 600) {
            world, faultAt, random in
            world.thing.kind = one(of: [.unit, .container], &random)
            let life = Double.random(in: 10...40, using: &random)
            let pause = Double.random(in: 0.5...5, using: &random)
            world.plan(at: faultAt - 400) { world, now in
                world.thing.start(at: now)
                world.thing.lifespan = life
                world.thing.restartDelay = pause
            }
            world.repair = { world, now in world.thing.start(at: now) }
        },
        Game("somebody else repairs it at the same moment", ["verified", "selfResolved", "notFixed"]) {
            world, faultAt, random in
            let delay = Double.random(in: -3...3, using: &random)
            world.plan(at: faultAt) { world, now in world.thing.stop(at: now) }
            world.repair = { world, now in
                if delay <= 0 { world.cure(now) }
                world.plan(at: now + max(0, delay)) { world, now in world.cure(now) }
            }
        },
        Game("somebody else repairs it, and breaks it again", takenBack, watch: 1_800) { world, faultAt, random in
            let good = Double.random(in: 1...120, using: &random)
            hiddenFault(&world, at: faultAt, &random) { world, now in
                world.cure(now)
                world.plan(at: now + good) { world, _ in world.thing.isFaulty = true }
            }
        },
    ]
}
