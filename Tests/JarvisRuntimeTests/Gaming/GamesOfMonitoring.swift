// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport

extension Game {
    /// The thing stays broken behind a state that looks good; the monitoring stops to say so.
    static let monitoring: [Game] = [
        Game("exporter stopped") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.exporterAnswers = false }
        },
        Game("target removed from the scrape configuration") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.hasTarget = false }
        },
        Game("series relabelled") { world, faultAt, random in
            let label = one(of: ["name", "instance"], &random)
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.relabelled = [label: "other"] }
        },
        Game("rule deleted") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.rules = [] }
        },
        Game("rule renamed, as one that is disabled") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.rules[0].name = "ThingDown_off" }
        },
        Game("threshold of the rule edited") { world, faultAt, random in
            slowReplica(&world)
            world.metrics = Array(world.metrics[1...1])
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.rules[0].threshold = 500 }
        },
        Game("rule asks another metric") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.rules[0].metric = "host_up" }
            world.metrics = ["thing_up", "host_up"].map { name in
                .init(name: name, labels: ["instance": "nexus:9100", "name": "web"]) {
                    $0.thing.isGood || name == "host_up" ? 1 : 0
                }
            }
        },
        Game("the bad one of several series vanishes") { world, faultAt, random in
            slowReplica(&world)
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.metrics.remove(at: 1) }
        },
        Game("Prometheus down") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.prometheus.answers = false }
        },
        Game("Prometheus hangs, then goes on") { world, faultAt, random in
            let seconds = Double.random(in: 5...400, using: &random)
            hiddenFault(&world, at: faultAt, &random) { world, now in
                world.prometheus.hangs = true
                world.plan(at: now + seconds) { world, _ in world.prometheus.hangs = false }
            }
        },
        Game("Prometheus restarts again and again") { world, faultAt, random in
            let pause = Double.random(in: 5...90, using: &random)
            hiddenFault(&world, at: faultAt, &random) { world, now in
                for number in 0..<10 {
                    world.plan(at: now + Double(number) * pause) { world, now in
                        world.prometheus.restart(at: now + world.sourceSkew, replaying: pause / 5)
                    }
                }
            }
        },
        Game("Prometheus replays its log for long") { world, faultAt, random in
            let seconds = Double.random(in: 20...600, using: &random)
            hiddenFault(&world, at: faultAt, &random) { world, now in
                world.prometheus.restart(at: now + world.sourceSkew, replaying: seconds)
            }
        },
        Game("exporter repeats the time and the values of a good moment") { world, faultAt, random in
            let respite = Double.random(in: 1...8, using: &random)
            let freeze = Double.random(in: 0...respite, using: &random)
            world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
            world.repair = { world, now in
                world.cure(now)
                world.plan(at: now + freeze) { world, now in world.freezeExporter(now) }
                world.plan(at: now + respite) { world, _ in world.thing.isFaulty = true }
            }
        },
        Game("clocks five minutes apart, exporter stopped") { world, faultAt, random in
            world.sourceSkew = one(of: [-300.0, 300], &random)
            world.hostSkew = -world.sourceSkew
            world.prometheus.nextScrape = world.now + world.sourceSkew + 1
            world.prometheus.nextEvaluation = world.now + world.sourceSkew + 2
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.exporterAnswers = false }
        },
    ]

    /// The thing stays broken; what is told of it says otherwise.
    static let delivery: [Game] = [
        Game("silenced instead of repaired") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.alertmanager.isSilenced = true }
        },
        Game("Alertmanager cut off: its resolve timeout says resolved") { world, faultAt, random in
            hiddenFault(&world, at: faultAt, &random) { world, _ in world.alertmanager.isReached = false }
        },
        Game("a second Prometheus tells the same alert, and its end") { world, faultAt, random in
            let twin = one(of: [["cluster": "home"], ["cluster": "away"]], &random)
            world.secondTells = twin
            hiddenFault(&world, at: faultAt, &random) { world, now in
                world.secondTells = nil
                world.alertmanager.isToldOfEnd(
                    [
                        "alertname": "ThingDown", "instance": "nexus:9100", "name": "web", "job": "app",
                        "remediation_host": "nexus",
                    ].merging(twin) { $1 }, at: now)
            }
        },
        Game("the wrong instance repaired") { world, faultAt, random in
            world.mistaken = Thing(startedAt: faultAt - 500)
            world.metrics = [
                .init(name: "thing_up", labels: ["instance": "skynet:9100", "name": "web"]) { $0.thing.isGood ? 1 : 0 },
                .init(name: "thing_up", labels: ["instance": "nexus:9100", "name": "web"]) { _ in 1 },
            ]
            world.plan(at: faultAt) { world, _ in world.thing.isFaulty = true }
            if Bool.random(using: &random) { world.hasProbe = false }
        },
    ]
}
