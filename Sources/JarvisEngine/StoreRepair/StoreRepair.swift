// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Decides about the one action that is allowed while the store is away: starting what its database runs in.
///
/// Pure: what is recorded, observed and allowed, and the time, give what is to be done next. Only a start is ever
/// decided, because starting what runs does nothing: several instances that decide alike can't hurt each other.
package struct StoreRepair: Sendable {
    /// What the owner allows.
    package struct Permission: Sendable, Equatable {
        /// What the database runs in: a container or a unit.
        package let target: Target
        /// Seconds that the store must have been away without an interruption.
        package let after: Double

        /// Allows it.
        package init(target: Target, after: Double) {
            self.target = target
            self.after = after
        }
    }

    /// How long things take.
    package struct Timing: Sendable, Equatable {
        /// Seconds for which everything must be good to count.
        package var window = 30.0
        /// Seconds after the start at which a verdict must be given.
        package var deadline = 300.0

        /// What a server does with.
        package init() {}
    }

    /// The time by both clocks: steps of the wall clock must make no outage longer.
    package struct Moment: Sendable, Equatable {
        /// The wall clock.
        package let date: Date
        /// Seconds of a clock that never jumps.
        package let uptime: Double

        /// A moment.
        package init(date: Date, uptime: Double) {
            self.date = date
            self.uptime = uptime
        }
    }

    /// What the store said when it was asked.
    package enum Answer: Sendable, Equatable {
        /// It answered; these holds are in force.
        case good([Hold])
        /// It can't be reached.
        case away(String)
        /// Something else went wrong: neither is sure.
        case unclear(String)
    }

    /// What was seen of the target and its host.
    package struct Look: Sendable, Equatable {
        /// Its state.
        package let signal: Signal
        /// Whether it looks stopped on purpose.
        package let isDeliberate: Bool
        /// What runs on its host that a change would disturb; nil: nothing that is known.
        package let occupation: String?

        /// Records a look.
        package init(_ signal: Signal, isDeliberate: Bool, occupation: String?) {
            self.signal = signal
            self.isDeliberate = isDeliberate
            self.occupation = occupation
        }
    }

    /// What is to be done next.
    package enum Next: Sendable, Equatable {
        /// Nothing, for now.
        case wait
        /// Look at this target, then ask again.
        case observe(Target)
        /// Start it, because of this; what was seen goes with it.
        case start(Action, reason: String, baseline: [Signal])
        /// Nothing, until a person has done something: why.
        case ask(String)
        /// Give this verdict.
        case conclude(IntentID, Verdict, reason: String)
    }

    /// Attempts within `day`, of all outages, that are enough.
    package static let maximumAttempts = 3
    /// Seconds for which attempts count.
    package static let day = 86_400.0
    /// Seconds for which a look says how things are.
    private static let freshness = 10.0
    /// Seconds without a question after which what was so before no longer counts: this process may have been stopped.
    private static let longestHole = 60.0

    /// Every attempt of the last day, and those that are not concluded or told yet, oldest first.
    package private(set) var attempts: [StoreRepairAttempt]
    private let timing: Timing
    private let unreadable: Int
    /// Nil until the store was asked for the first time.
    private var holds: [Hold]?
    private var store: Signal?
    private var awaySince: Moment?
    private var goodSince: Moment?
    private var lastAnswer: Moment?
    /// Of this outage, at most two.
    private var looks: [(look: Look, at: Moment)] = []
    private var verification: Verification?
    /// Why there is no further attempt in this outage.
    private var spent: String?

    /// Begins with what an earlier process left.
    ///
    /// An attempt without a receipt was cut off by the end of that process: whether it ran is unknown, for good.
    ///
    /// - Parameter unreadable: files of attempts that nobody can read; while there are any, nothing is started.
    package init(
        _ attempts: [StoreRepairAttempt], unreadable: Int = 0, timing: Timing = Timing(), at now: Moment
    ) {
        self.timing = timing
        self.unreadable = unreadable
        self.attempts = attempts.map { attempt in
            var attempt = attempt
            if attempt.receipt == nil {
                attempt.receipt = Receipt(ending: .unknown(reason: "Jarvis was interrupted while it ran"))
                attempt.receivedAt = now.date
            }
            return attempt
        }
        if let open {
            spent = "it was started once in this outage"
            watch(open, from: now.date)
        }
    }

    /// The attempt that has no verdict yet; the oldest, should there be several.
    package var open: StoreRepairAttempt? { attempts.first { $0.conclusion == nil } }

    /// Attempts with a verdict that the store's audit log does not have yet.
    package var untold: [StoreRepairAttempt] { attempts.filter { $0.conclusion != nil && !$0.isTold } }

    /// Attempts that count no more and can be forgotten.
    package func expired(at now: Date) -> [IntentID] {
        attempts.filter { $0.isTold && !counts($0, at: now) }.map(\.id)
    }

    /// Whether the store is away, or was, and is not yet back for sure.
    package var isWatching: Bool { awaySince != nil || open != nil || spent != nil }

    /// Takes in what the store said.
    ///
    /// - Parameter askedAt: when it was asked, where that was earlier: whoever waits has no answer.
    package mutating func answered(_ answer: Answer, askedAt: Moment? = nil, at now: Moment) {
        if let lastAnswer, (askedAt ?? now).uptime - lastAnswer.uptime > Self.longestHole {
            awaySince = nil
            goodSince = nil
            looks = []
        }
        lastAnswer = now
        switch answer {
        case .good(let holds):
            self.holds = holds
            awaySince = nil
            looks = []
            goodSince = goodSince ?? now
            store = signal(.good, "it can be written", now)
            // An outage is over when the store stays, not when it answers once in between.
            if open == nil, let goodSince, now.uptime - goodSince.uptime >= timing.window { spent = nil }
        case .away(let reason):
            goodSince = nil
            awaySince = awaySince ?? now
            store = signal(.bad, reason, now)
        case .unclear(let reason):
            goodSince = nil
            awaySince = nil
            looks = []
            store = signal(.unknown, reason, now)
        }
    }

    /// Takes in what was seen of the target.
    package mutating func looked(_ look: Look, at now: Moment) {
        if let open {
            let signals = [look.signal, store].compactMap(\.self)
            verification?.record(Observation(signals: signals), baseline: open.baseline, now: now.date)
        }
        looks = looks.suffix(1) + [(look, now)]
    }

    /// What is to be done now; `permission` is nil where the owner allows nothing.
    package func next(_ permission: Permission?, at now: Moment) -> Next {
        if let open { return verify(open, at: now) }
        guard let permission, let awaySince, now.uptime - awaySince.uptime >= permission.after else { return .wait }
        if let obstacle = obstacle(permission, at: now) { return .ask(obstacle) }
        guard let last = looks.last, now.uptime - last.at.uptime <= Self.freshness,
            last.look.signal.source == TargetProbe.source(permission.target)
        else { return .observe(permission.target) }
        return decide(by: last.look, permission, since: awaySince)
    }

    /// Takes in that an attempt is durable and begins.
    package mutating func intended(_ attempt: StoreRepairAttempt) {
        attempts.append(attempt)
        spent = "it was started once in this outage"
        looks = []
    }

    /// Takes in what came back; returns the attempt as it is to be kept.
    package mutating func received(_ receipt: Receipt, of id: IntentID, at now: Moment) -> StoreRepairAttempt? {
        let attempt = change(id) { attempt in
            attempt.receipt = receipt
            attempt.receivedAt = now.date
        }
        if let attempt { watch(attempt, from: now.date) }
        return attempt
    }

    /// Takes in a verdict; returns the attempt as it is to be kept.
    package mutating func concluded(
        _ id: IntentID, _ verdict: Verdict, _ reason: String, at now: Moment
    ) -> StoreRepairAttempt? {
        verification = nil
        spent = "it was started once in this outage: \(verdict.rawValue), \(reason)"
        let attempt = change(id) { $0.conclusion = .init(verdict, reason, at: now.date) }
        if let open { watch(open, from: now.date) }
        return attempt
    }

    /// Takes in that the audit log has an attempt; returns it as it is to be kept.
    package mutating func told(_ id: IntentID) -> StoreRepairAttempt? { change(id) { $0.isTold = true } }

    /// Takes in that an attempt is forgotten.
    package mutating func forgotten(_ id: IntentID) { attempts.removeAll { $0.id == id } }
}

extension StoreRepair {
    /// What keeps a start back, whatever is seen.
    private func obstacle(_ permission: Permission, at now: Moment) -> String? {
        if let spent { return spent }
        guard unreadable == 0 else {
            return "\(unreadable) records of earlier starts can't be read: nobody knows what was done; see to the "
                + "database, then take the *.damaged files away"
        }
        guard attempts.count(where: { counts($0, at: now.date) }) < Self.maximumAttempts else {
            return "it was started \(Self.maximumAttempts) times within 24 h, which is enough"
        }
        guard let holds else { return "what is held back was never read from it" }
        return holds.first { $0.applies(to: permission.target.host, at: now.date) }?.description
    }

    /// One that lies in the future counts, too: the clock was set back.
    private func counts(_ attempt: StoreRepairAttempt, at now: Date) -> Bool {
        now.timeIntervalSince(attempt.recordedAt) < Self.day
    }

    private func decide(by look: Look, _ permission: Permission, since: Moment) -> Next {
        let target = permission.target
        let detail = look.signal.detail.display(limit: 160)
        switch look.signal.reading {
        case .unknown: return .ask("\(target) can't be seen: \(detail)")
        case .good, .bad: return .ask("\(target) is not stopped, and its database does not answer: \(detail)")
        case .badForGood: break
        }
        if look.isDeliberate { return .ask("\(target) looks stopped on purpose: \(detail)") }
        if let occupation = look.occupation { return .ask("\(occupation) runs on \(target.host)") }
        // Twice the same: whoever else heals it may be between a stop and a start.
        guard let before = looks.first?.look, looks.count == 2, before.signal.reading == .badForGood,
            before.signal.instance == look.signal.instance
        else { return .observe(target) }
        let reason =
            "the store can't be reached since \(RFC3339.format(since.date)) (\(store?.detail.display(limit: 160) ?? "")), "
            + "and \(target) is \(detail); database.repair allows the start"
        return .start(
            Action(target.kind == .unit ? .unitStart : .containerStart, on: target), reason: reason,
            baseline: [look.signal, store].compactMap(\.self))
    }

    private func signal(_ reading: Signal.Reading, _ detail: String, _ now: Moment) -> Signal {
        Signal(kind: .service, source: "the store", reading: reading, detail: detail, observedAt: now.date)
    }

    /// Evidence counts from here on; where nobody knows how the command ended, it may run until its deadline.
    private mutating func watch(_ attempt: StoreRepairAttempt, from now: Date) {
        let from = attempt.isEndKnown ? now : max(now, attempt.endsAt)
        verification = Verification(
            purpose: .repair, since: now, deadline: from.addingTimeInterval(timing.deadline),
            stabilityWindow: timing.window)
    }

    private mutating func change(
        _ id: IntentID, _ body: (inout StoreRepairAttempt) -> Void
    ) -> StoreRepairAttempt? {
        guard let index = attempts.firstIndex(where: { $0.id == id }) else { return nil }
        body(&attempts[index])
        return attempts[index]
    }

    private func verify(_ attempt: StoreRepairAttempt, at now: Moment) -> Next {
        if case .notStarted(let reason)? = attempt.receipt?.ending {
            return .conclude(attempt.id, .notFixed, reason: "it was not started: \(UntrustedText(reason).display())")
        }
        guard let verification, let latest = verification.latest[.target] else {
            return .observe(attempt.action.target)
        }
        switch verification.judge(baseline: attempt.baseline, now: now.date) {
        case .lookAgain: return .observe(attempt.action.target)
        case .conclude(let verdict, _) where verdict != .verified && !attempt.isEndKnown && now.date < attempt.endsAt:
            return .observe(attempt.action.target)
        case .conclude(.verified, let reason):
            guard case .exited(0)? = attempt.receipt?.ending else {
                return .conclude(
                    attempt.id, .unknown,
                    reason: "\(reason), and nobody knows by what: \(attempt.receipt?.sentence ?? "no receipt")")
            }
            guard latest.instance != nil else {
                return .conclude(attempt.id, .unknown, reason: "\(reason), and whether it is another run is not told")
            }
            return .conclude(attempt.id, .verified, reason: reason)
        case .conclude(.unknown, let reason): return .conclude(attempt.id, .unknown, reason: reason)
        case .conclude(.notFixed, let reason), .conclude(.worsened, let reason):
            return .conclude(attempt.id, .notFixed, reason: reason)
        }
    }
}

extension StoreRepairAttempt {
    /// Whether the command has ended for certain.
    fileprivate var isEndKnown: Bool {
        switch receipt?.ending {
        case .exited, .timedOut, .notStarted: true
        case .unknown, nil: false
        }
    }
}
