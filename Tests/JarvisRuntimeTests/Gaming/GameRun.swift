// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport

/// One game from fault to ending, through intake, diagnosis, the step and the verification as they are shipped.
struct GameRun {
    /// How it ended.
    struct Ending {
        /// The verdict; `withdrawn` for one that was taken back, `selfResolved`, or the outcome where there is none.
        var label = "open"
        /// What is wrong with a claim that was made; nil: nothing.
        var falseClaim: String?
        /// Seconds from the command to `verified`.
        var seconds: Double?
        var reason = ""
        /// The lines of the timeline, to look at one.
        var story: [String] = []
    }

    private let game: Game
    private let peer: GamePeer
    private let pipeline: Pipeline<GamePeer>
    private var random: Seeded
    private var ending = Ending()
    private var claims: Set<String> = []

    static func play(_ game: Game, seed: UInt64) async throws -> Ending {
        var run = try GameRun(game, seed: seed)
        try await run.play()
        return run.ending
    }

    private init(_ game: Game, seed: UInt64) throws {
        self.game = game
        var random = Seeded(seed &* 1_000_003 &+ UInt64(game.number))
        let clock = TestClock()
        let world = game.world(at: clock.now.timeIntervalSince1970, &random)
        let probes: [ServiceProbe] = world.hasProbe ? [.http(url: "http://192.0.2.1/")] : []
        let kind = world.thing.kind
        guard let nexus = HostName("nexus"), let skynet = HostName("skynet") else { throw SetupFault() }
        let target = DeclaredTarget(kind: kind, name: Game.name(of: kind), probes: probes)
        let hosts = [(nexus, "192.0.2.1"), (skynet, "192.0.2.2")].map { name, address in
            Host(
                name: name, connection: .ssh(SSHEndpoint(address: address, user: "jarvis")), targets: [target])
        }
        let pattern = Pattern(
            id: "thing-down", title: "A thing is down", matcher: .init(alertnames: ["ThingDown"]),
            target: .init(kind: kind, nameFrom: ["name"], hostFrom: ["remediation_host"]),
            response: .plan([.action(kind == .unit ? .unitRestart : .containerRestart)]), confidence: 0.95)
        let rules = EngineRules(
            inventory: Inventory(hosts), patterns: [pattern], policy: try ShippedPolicy.get(),
            autonomy: AutonomyPolicy(rules: [.init(level: .auto)]), escalationCooldown: 0,
            digest: { "digest of \($0.utf8.count) bytes: \($0)" })
        peer = GamePeer(world)
        pipeline = Pipeline(peer, rules, on: MemoryStore(queue: MemoryJobQueue(clock: clock.queue)), clock)
        self.random = random
    }

    private var now: Double { pipeline.now.timeIntervalSince1970 }

    private mutating func play() async throws {
        let limit = now + game.history + game.limit
        var end = limit
        while now < end {
            let wait = await pipeline.store.queue.untilNextDue(JobSelection())
            // A busy queue is late now and then.
            let late = max(0, Double.random(in: 0...1, using: &random) - 0.95) * 60
            let due = min(wait.map { now + max(0, $0 / .seconds(1)) + 0.000_001 + late } ?? end, end)
            let (told, reached) = peer.change { world in (world.advance(to: due), world.now) }
            pipeline.advance(to: Date(timeIntervalSince1970: max(reached, now)))
            if !told.isEmpty {
                let id = DeliveryID(
                    UUIDv7(at: pipeline.now, random: (0..<10).map { _ in UInt8.random(in: 0...255, using: &random) }))
                try await pipeline.store.accept(
                    Delivery(id: id, receivedAt: pipeline.now, source: .alertmanager, alerts: told))
            }
            for job in await pipeline.store.queue.claim(limit: 1, lease: .seconds(60), JobSelection()) {
                do {
                    try await pipeline.dispatcher.run(job, under: JobLease { true })
                    _ = await pipeline.store.queue.complete(job)
                } catch {
                    _ = await pipeline.store.queue.retry(job, after: .seconds(1), reason: "\(error)")
                }
            }
            if await look(), end == limit { end = min(limit, now + game.watch) }
        }
        await finish()
    }

    /// Looks at every claim once; whether the first incident has ended.
    private mutating func look() async -> Bool {
        let incidents = await pipeline.store.incidents(openOnly: false, limit: 10)
        for incident in incidents {
            guard case .closed(let closing) = incident.phase, closing.verdict == .verified,
                claims.insert("\(incident.id) \(closing.at)").inserted
            else { continue }
            let at = closing.at.timeIntervalSince1970
            let claimed = closing.reason.split(separator: "good for ").last?.prefix { $0.isNumber }
            let window = claimed.flatMap { Double($0) } ?? 0
            if ending.seconds == nil, let begun = incident.attempts.last?.intent.recordedAt {
                ending.seconds = closing.at.timeIntervalSince(begun)
            }
            // What only the metrics see, they see at the next scrape.
            let isTrue = peer.change { world in
                world.wasGood(from: at - window, to: at - (world.hasProbe ? 0 : world.prometheus.scrapeInterval))
            }
            if window < 10 || !isTrue {
                ending.falseClaim = "\(closing.outcome.rawValue): \(closing.reason)"
            }
        }
        return incidents.last?.phase.isClosed == true
    }

    private mutating func finish() async {
        let incidents = await pipeline.store.incidents(openOnly: false, limit: 10)
        guard let incident = incidents.last else {
            ending.label = "no incident"
            return
        }
        ending.story = await pipeline.store.timeline(of: nil, after: 0, limit: 500).map { line in
            "\(Int(line.entry.at.timeIntervalSince1970 - 1_700_000_100 - game.history)) \(line.entry.what): \(line.entry.detail)"
        }
        if !incident.withdrawals.isEmpty {
            ending.label = "withdrawn"
        } else if case .closed(let closing) = incident.phase {
            ending.reason = closing.reason
            ending.label =
                closing.outcome == .selfResolved
                ? "selfResolved" : closing.verdict?.rawValue ?? closing.outcome.rawValue
        } else if incident.doubted != nil {
            ending.label = "doubted"
        }
    }
}
