// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Logging
import Synchronization

/// The jobs on a store in memory, worked off one by one on a clock that jumps to the next due job.
final class Pipeline<Peer: CommandRunner & MetricsSource & ServiceProber>: Sendable {
    let store: MemoryStore
    let world: Peer
    let dispatcher: JobDispatcher
    let rules: EngineRules
    let time: TestClock

    init(
        _ world: Peer, _ rules: EngineRules, on store: MemoryStore, _ time: TestClock,
        alerting: (any AlertingControl)? = nil
    ) {
        self.store = store
        self.world = world
        self.rules = rules
        self.time = time
        let ids = Mutex<UInt64>(0)
        dispatcher = JobDispatcher(
            context: JobContext(
                store: store, alertLog: store, restraints: store, autonomy: store, rules: rules, runner: world,
                prober: world,
                metricsSource: world, alerting: alerting, snapshots: store, sealing: OpenSealing(),
                metrics: RuntimeMetrics(registry: MetricsRegistry(), knownAlertNames: []),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { time.now },
                randomBytes: { count in
                    let seed = ids.withLock { id in
                        id += 1
                        return id
                    }
                    return (0..<count).map { UInt8(truncatingIfNeeded: seed >> UInt64(8 * ($0 % 8))) }
                }))
    }

    convenience init(
        _ state: World.State = World.State(), autonomy: Autonomy = .auto, upTo maximumClass: CommandClass = .bounded,
        probes: [ServiceProbe] = [],
        breakers: Breakers = .standard, action: Action.Name = .containerStart, alerting: (any AlertingControl)? = nil,
        duringChange: @escaping @Sendable (MemoryStore) -> Void = { _ in }
    ) throws where Peer == World {
        let clock = TestClock()
        let store = MemoryStore(queue: MemoryJobQueue(clock: clock.queue))
        let world = World(state, now: { clock.now }, duringChange: { duringChange(store) })
        let target = DeclaredTarget(kind: .container, name: "web", probes: probes)
        guard let name = HostName("nexus") else { throw SetupFault() }
        let host = Host(
            name: name, connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "jarvis")), targets: [target])
        let pattern = Pattern(
            id: "container-down", title: "A container is not running", matcher: .init(alertnames: ["ContainerDown"]),
            target: .init(kind: .container, nameFrom: ["name"], hostFrom: ["remediation_host"]),
            response: .plan([.action(action)]), confidence: 0.95)
        let rules = EngineRules(
            inventory: Inventory([host]), patterns: [pattern], policy: try ShippedPolicy.get(),
            autonomy: AutonomyPolicy(rules: [.init(level: autonomy, maximumClass: maximumClass)]), breakers: breakers,
            digest: { "digest of \($0.utf8.count) bytes: \($0)" })
        self.init(world, rules, on: store, clock, alerting: alerting)
    }

    var now: Date { time.now }

    func advance(to later: Date) { time.advance(to: later) }

    /// Posts one alert the way the webhook does.
    func deliver(_ state: Alert.State = .firing, name: String = "web", startsAt: Date? = nil) async throws {
        let labels = LabelSet(["alertname": "ContainerDown", "name": name, "remediation_host": "nexus"])
        try await deliver(labels, state, startsAt: startsAt)
    }

    func deliver(_ labels: LabelSet, _ state: Alert.State = .firing, startsAt: Date? = nil) async throws {
        let alert = Alert(
            labels: labels, state: state, startsAt: startsAt ?? Date(timeIntervalSince1970: 1_700_000_000))
        let id = DeliveryID(UUIDv7(at: now, random: (0..<10).map { _ in UInt8.random(in: 0...255) }))
        try await store.accept(Delivery(id: id, receivedAt: now, source: .alertmanager, alerts: [alert]))
    }

    /// Works off what was delivered, and nothing else.
    func takeIn() async throws {
        for job in await store.queue.claim(limit: 9, lease: .seconds(60), JobSelection(kinds: ["intake"])) {
            try await dispatcher.run(job, under: JobLease { true })
            _ = await store.queue.complete(job)
        }
    }

    /// Works off jobs until none is due before `deadline` (seconds from now) or `isDone`; returns the errors thrown.
    @discardableResult
    func work(
        for seconds: Double = 3_600, until isDone: (Incident) -> Bool = { $0.phase.isClosed }
    ) async throws -> [any Error] {
        let deadline = now.addingTimeInterval(seconds)
        var faults: [any Error] = []
        for _ in 0..<2_000 {
            if let incident = await store.incidents(openOnly: false, limit: 1).first, isDone(incident) { break }
            guard let wait = await store.queue.untilNextDue(JobSelection()) else { break }
            // Past the rounding of one clock's difference added to another.
            let due = wait > .zero ? now.addingTimeInterval(wait / .seconds(1) + 0.000_001) : now
            guard due <= deadline else { break }
            time.advance(to: due)
            for job in await store.queue.claim(limit: 1, lease: .seconds(60), JobSelection()) {
                do {
                    try await dispatcher.run(job, under: JobLease { true })
                    _ = await store.queue.complete(job)
                } catch {
                    faults.append(error)
                    _ = await store.queue.retry(job, after: .seconds(1), reason: "\(error)")
                }
            }
        }
        return faults
    }

    var incident: Incident? { get async { await store.incidents(openOnly: false, limit: 1).first } }

    var closing: Closing? {
        get async {
            guard case .closed(let closing)? = await incident?.phase else { return nil }
            return closing
        }
    }
}

/// What the tests are made of can't be built.
struct SetupFault: Error {}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let instant = Mutex(Date(timeIntervalSince1970: 1_700_000_100))

    var now: Date { instant.withLock { $0 } }

    /// The time of a queue.
    var queue: QueueClock {
        QueueClock(now: { self.now }, uptime: { .seconds(self.now.timeIntervalSince1970) })
    }

    func advance(to later: Date) { instant.withLock { $0 = max($0, later) } }
}
