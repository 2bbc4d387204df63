// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FaultPoints
import FoundationEssentials
package import JarvisCore
package import JarvisEngine
package import Logging

/// Starts what the store's database runs in when the store is away, where the owner has allowed it.
///
/// The one action whose intent is not in the store: it is durable on this machine before the command starts, its
/// receipt and verdict after, and the audit log gets them when the store is back. What is decided is `StoreRepair`'s;
/// the command goes through the same gate as every other.
package struct StoreRepairer: Sendable {
    /// What holds at the moment; read anew in every round.
    package struct Setting: Sendable {
        let permission: StoreRepair.Permission?
        let rules: EngineRules
        let runner: any CommandRunner

        /// Sets; `permission` is nil where the owner allows nothing.
        package init(permission: StoreRepair.Permission?, rules: EngineRules, runner: any CommandRunner) {
            self.permission = permission
            self.rules = rules
            self.runner = runner
        }
    }

    /// What the process gives, beside the ports.
    package struct Surroundings: Sendable {
        let logger: Logger
        let now: @Sendable () -> StoreRepair.Moment
        let pause: @Sendable (Duration) async throws -> Void
        let randomBytes: @Sendable (Int) -> [UInt8]

        /// Gives; `pause` throws when the task is cancelled.
        package init(
            logger: Logger, now: @escaping @Sendable () -> StoreRepair.Moment,
            pause: @escaping @Sendable (Duration) async throws -> Void,
            randomBytes: @escaping @Sendable (Int) -> [UInt8]
        ) {
            self.logger = logger
            self.now = now
            self.pause = pause
            self.randomBytes = randomBytes
        }
    }

    private static let quietPause = Duration.seconds(5)
    private static let watchfulPause = Duration.seconds(2)
    /// Seconds from the decision within which the command must be sent.
    private static let patience = 30.0

    private let store: any RepairableStore
    private let files: any StoreRepairFiles
    private let epoch: UInt64
    private let timing: StoreRepair.Timing
    private let setting: @Sendable () -> Setting
    private let fencingToken: @Sendable () -> UInt64
    private let metrics: StoreRepairMetrics
    private let onAsk: @Sendable (String?) -> Void
    private let surroundings: Surroundings

    /// Wires the ports together.
    ///
    /// - Parameters:
    ///   - epoch: the last that this instance held, for guards.
    ///   - fencingToken: the highest one that this instance has seen.
    ///   - onAsk: called with why a person is needed, and with nil when none is any more; must return at once.
    package init(
        store: any RepairableStore, files: any StoreRepairFiles, epoch: UInt64,
        timing: StoreRepair.Timing = StoreRepair.Timing(), setting: @escaping @Sendable () -> Setting,
        fencingToken: @escaping @Sendable () -> UInt64, registry: MetricsRegistry,
        onAsk: @escaping @Sendable (String?) -> Void, _ surroundings: Surroundings
    ) {
        self.store = store
        self.files = files
        self.epoch = epoch
        self.timing = timing
        self.setting = setting
        self.fencingToken = fencingToken
        metrics = StoreRepairMetrics(registry: registry)
        self.onAsk = onAsk
        self.surroundings = surroundings
    }

    /// Runs until cancelled.
    package func run() async {
        guard var round = await begin() else { return }
        while !Task.isCancelled {
            await round.take()
            do {
                try await surroundings.pause(round.repair.isWatching ? Self.watchfulPause : Self.quietPause)
            } catch { return }
        }
    }

    /// Nothing is done before it is known what was done already; nil: cancelled.
    private func begin() async -> Round? {
        while !Task.isCancelled {
            do {
                let (attempts, unreadable) = try await files.attempts()
                if unreadable > 0 {
                    surroundings.logger.error(
                        "records of starts of the store can't be read and are kept as *.damaged: it is not started while they are there",
                        metadata: ["count": "\(unreadable)"])
                }
                return Round(
                    repair: StoreRepair(attempts, unreadable: unreadable, timing: timing, at: surroundings.now()),
                    repairer: self)
            } catch {
                ask("what was done to the store before can't be read: \(error)")
                do { try await surroundings.pause(Self.quietPause) } catch { return nil }
            }
        }
        return nil
    }

    private func ask(_ reason: String) {
        metrics.needsPerson(true)
        onAsk(reason)
        surroundings.logger.error("the store is away and needs a person", metadata: ["reason": "\(reason)"])
    }
}

extension StoreRepairer {
    /// What is known, and what is done about it now and then.
    private struct Round {
        var repair: StoreRepair
        /// Why a person was asked last; said once.
        var asked: String?
        let repairer: StoreRepairer

        private var now: StoreRepair.Moment { repairer.surroundings.now() }
        private var logger: Logger { repairer.surroundings.logger }

        init(repair: StoreRepair, repairer: StoreRepairer) {
            self.repair = repair
            self.repairer = repairer
        }

        mutating func take() async {
            let began = now
            let answer = await question()
            // What was cut off by the shutdown was not answered.
            guard !Task.isCancelled else { return }
            repair.answered(answer, askedAt: began, at: now)
            if case .good = answer { await tell() }
            await forget()
            let setting = repairer.setting()
            var next = repair.next(setting.permission, at: now)
            if case .observe(let target) = next {
                let look = await look(at: target, setting)
                guard !Task.isCancelled else { return }
                repair.looked(look, at: now)
                next = repair.next(setting.permission, at: now)
            }
            await follow(next, setting)
        }

        /// While it counts whether the store is back, only a write is an answer.
        private func question() async -> StoreRepair.Answer {
            do {
                return .good(try await repairer.store.answer(writing: repair.isWatching, at: now.date))
            } catch StoreError.unavailable(let reason) {
                return .away(reason)
            } catch {
                return .unclear("\(error)")
            }
        }

        private func look(at target: Target, _ setting: Setting) async -> StoreRepair.Look {
            let rules = setting.rules
            guard let host = rules.inventory.hosts[target.host],
                let step = TargetProbe.step(for: target, in: rules.inventory, under: rules.policy)
            else {
                let gone = Receipt(
                    ending: .notStarted(reason: "\(target) is not declared, or the policy refuses a look"))
                return StoreRepair.Look(
                    TargetProbe.signal(for: target, from: gone, observedAt: now.date), isDeliberate: false,
                    occupation: nil)
            }
            let receipt = await setting.runner.run(step, on: host, run(TargetProbe.deadlineSeconds))
            var occupation: String?
            if let look = Occupation.step(under: rules.policy) {
                let seen = await setting.runner.run(look, on: host, run(Occupation.deadlineSeconds))
                occupation = Occupation.reading(seen)
                // Nobody is asked before this start, so what can't be seen is not taken for nothing.
                if seen.ending != .exited(status: 0) { occupation = "something that can't be seen" }
            }
            return StoreRepair.Look(
                TargetProbe.signal(for: target, from: receipt, observedAt: now.date),
                isDeliberate: TargetProbe.looksDeliberate(target, from: receipt), occupation: occupation)
        }

        private func run(_ seconds: Int) -> RunContext {
            RunContext(fencingToken: repairer.fencingToken(), deadlineSeconds: seconds)
        }

        private mutating func follow(_ next: StoreRepair.Next, _ setting: Setting) async {
            if case .ask(let reason) = next {
                guard asked != reason else { return }
                asked = reason
                return repairer.ask(reason)
            }
            switch next {
            case .observe, .ask: break
            case .wait: relieve()
            case .start(let action, let reason, let baseline): await start(action, reason, baseline, setting)
            case .conclude(let id, let verdict, let reason): await conclude(id, verdict, reason)
            }
        }

        private mutating func relieve() {
            asked = nil
            repairer.onAsk(nil)
            repairer.metrics.needsPerson(false)
        }

        private mutating func start(_ action: Action, _ reason: String, _ baseline: [Signal], _ setting: Setting) async
        {
            do {
                // The looks took their time, and a person may have taken it back.
                guard isAllowed(action) else { return }
                let (step, host, deadline) = try StoreRepair.step(of: action, under: setting.rules)
                let moment = now
                let attempt = StoreRepairAttempt(
                    id: IntentID(UUIDv7(at: moment.date, random: repairer.surroundings.randomBytes(10))),
                    epoch: repairer.epoch, action: action, canonical: step.canonical, commandClass: step.commandClass,
                    recordedAt: moment.date, remoteDeadlineSeconds: deadline, reason: reason, baseline: baseline)
                try await keepIntent(attempt)
                FaultPoint.passes("repair.intent.durable")
                repair.intended(attempt)
                relieve()
                logger.warning(
                    "the store's database is started",
                    metadata: ["action": "\(action)", "intent": "\(attempt.id)", "reason": "\(reason)"])
                // A process that was stopped in between must not start what it saw long ago.
                let context = RunContext(
                    fencingToken: repairer.fencingToken(),
                    deadlineSeconds: ActionCatalogue.deadlineSeconds(of: action.name), intent: attempt.id,
                    isClaimHeld: { [self, now = repairer.surroundings.now] in
                        isAllowed(action) && now().uptime - moment.uptime < StoreRepairer.patience
                    })
                let receipt = await setting.runner.run(step, on: host, context)
                FaultPoint.passes("repair.run.after")
                logger.warning(
                    "the start of the store's database ended",
                    metadata: ["intent": "\(attempt.id)", "ending": "\(receipt.sentence)"])
                if let attempt = repair.received(receipt, of: attempt.id, at: now) { await keep(attempt) }
                FaultPoint.passes("repair.receipt.after")
            } catch {
                let sentence = (error as? ActionCatalogue.Refusal)?.reason ?? "\(error)"
                await follow(.ask("it may not be started: \(sentence)"), setting)
            }
        }

        private func isAllowed(_ action: Action) -> Bool {
            repairer.setting().permission?.target == action.target
        }

        /// Of one that could not be kept nothing is left, as far as the disk lets it: it will not be run.
        private func keepIntent(_ attempt: StoreRepairAttempt) async throws(StoreError) {
            do throws(StoreError) {
                if FaultPoint.fails("repair.intent.before") { throw .unavailable(reason: "injected") }
                try await repairer.files.keep(attempt)
            } catch {
                try? await repairer.files.forget(attempt.id)
                throw error
            }
        }

        private mutating func conclude(_ id: IntentID, _ verdict: Verdict, _ reason: String) async {
            guard let attempt = repair.concluded(id, verdict, reason, at: now) else { return }
            repairer.metrics.concluded(verdict)
            logger.log(
                level: verdict == .verified ? .notice : .error, "the repair of the store has its verdict",
                metadata: ["intent": "\(id)", "verdict": "\(verdict.rawValue)", "reason": "\(reason)"])
            await keep(attempt)
            FaultPoint.passes("repair.verdict.after")
        }

        /// What can't be kept is still known here; a crash makes it unknown, and nothing is run because of that.
        private func keep(_ attempt: StoreRepairAttempt) async {
            do {
                if FaultPoint.fails("repair.keep.before") { throw StoreError.unavailable(reason: "injected") }
                try await repairer.files.keep(attempt)
            } catch {
                logger.error(
                    "what came of a start of the store can't be kept on this disk",
                    metadata: ["intent": "\(attempt.id)", "error": "\(error)"])
            }
        }

        private mutating func tell() async {
            for attempt in repair.untold {
                do {
                    if FaultPoint.fails("repair.tell.before") { throw StoreError.unavailable(reason: "injected") }
                    try await repairer.store.tell(attempt.id, attempt.audit(repairer.setting().rules.digest))
                    FaultPoint.passes("repair.tell.after")
                } catch {
                    logger.error(
                        "a repair of the store can't be told to its audit log yet",
                        metadata: ["intent": "\(attempt.id)", "error": "\(error)"])
                    return
                }
                if let told = repair.told(attempt.id) { await keep(told) }
                logger.notice("the audit log has the repair of the store", metadata: ["intent": "\(attempt.id)"])
            }
        }

        private mutating func forget() async {
            for id in repair.expired(at: now.date) {
                // One that stays is forgotten at the next start.
                do { try await repairer.files.forget(id) } catch {
                    logger.warning("a record of a start of the store stays", metadata: ["error": "\(error)"])
                }
                repair.forgotten(id)
            }
        }
    }
}
