// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Logging
import Synchronization

/// A store whose database runs in a container, the container's host, and the disk of the instance: all of it outlives
/// the process, which may die at each step.
final class AwayWorld: RepairableStore, StoreRepairFiles, CommandRunner {
    /// A step before or after which the process dies.
    enum Step: String, CaseIterable {
        case intentKept, started, receiptKept, verdictKept, told, toldKept
    }

    struct Death: Equatable {
        let step: Step
        let isBefore: Bool
    }

    struct State {
        var seconds = 0.0
        var isRunning = true
        /// When the database ends.
        var fallsAt: Double?
        var runs = 1
        var exitCode = 137
        var staysUpAfterStart = true
        var canBeSeen = true
        var holds: [Hold] = []
        var processes = ["Ss   sshd"]
        var processesCanBeSeen = true
        /// After so many looks at the processes the owner takes the permission back.
        var looksAllowed = Int.max
        var diskIsFull = false
        var commands: [String] = []
        var files: [IntentID: StoreRepairAttempt] = [:]
        var told: [IntentID: [AuditRecord]] = [:]
        var asked: [String?] = []
        var death: Death?
        var isDead = false

        mutating func pass(_ seconds: Double) {
            self.seconds += seconds
            if let end = fallsAt, self.seconds >= end {
                isRunning = false
                fallsAt = nil
            }
        }
    }

    static let target = Target(host: .local, kind: .container, name: "postgres-jarvis")
    let registry = MetricsRegistry()
    private let state = Mutex(State())

    var now: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// Runs a process until it dies, or `isOver`, or so many seconds have passed.
    func run(
        for seconds: Double = 3600,
        allowing permission: StoreRepair.Permission? = .init(target: target, after: 120),
        until isOver: @escaping @Sendable (State) -> Bool
    ) async throws {
        state.withLock { $0.isDead = false }
        let host = Host(
            name: .local, connection: .local,
            targets: [DeclaredTarget(kind: .container, name: Self.target.name)])
        let rules = EngineRules(
            inventory: Inventory([host]), patterns: [], policy: try ShippedPolicy.get(), digest: { "digest of \($0)" })
        let end = now.seconds + seconds
        await StoreRepairer(
            store: self, files: self, epoch: 7,
            setting: {
                StoreRepairer.Setting(
                    permission: self.now.looksAllowed > 0 ? permission : nil, rules: rules, runner: self)
            },
            fencingToken: { 42 }, registry: registry, onAsk: { reason in self.change { $0.asked.append(reason) } },
            StoreRepairer.Surroundings(
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { self.moment },
                pause: { pause in
                    let seen = self.now
                    guard !seen.isDead, !isOver(seen), seen.seconds < end else { throw CancellationError() }
                    self.change { $0.pass(pause / .seconds(1)) }
                }, randomBytes: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
        ).run()
    }

    private var moment: StoreRepair.Moment {
        let seconds = now.seconds
        return .init(date: Date(timeIntervalSince1970: 1_795_471_653 + seconds), uptime: seconds)
    }

    /// Does a step unless the process is dead, or dies now; whether it was done.
    private func pass(_ step: Step, _ body: (inout State) throws(StoreError) -> Void) throws(StoreError) {
        let result = state.withLock { state -> Result<Void, StoreError> in
            func dies(_ isBefore: Bool) -> Bool { state.death == Death(step: step, isBefore: isBefore) }
            if dies(true) { state.isDead = true }
            guard !state.isDead else { return .failure(.unavailable(reason: "dead")) }
            let result: Result<Void, StoreError>
            do throws(StoreError) { result = .success(try body(&state)) } catch { result = .failure(error) }
            if dies(false) { state.isDead = true }
            return result
        }
        try result.get()
    }

    func answer(writing: Bool, at now: Date) async throws(StoreError) -> [Hold] {
        let seen = self.now
        guard seen.isRunning, !seen.isDead else { throw .unavailable(reason: "connection refused") }
        return seen.holds
    }

    func tell(_ attempt: IntentID, _ records: [AuditRecord]) async throws(StoreError) {
        try pass(.told) { state throws(StoreError) in
            guard state.isRunning else { throw .unavailable(reason: "connection refused") }
            if state.told[attempt] == nil { state.told[attempt] = records }
        }
    }

    func attempts() async throws(StoreError) -> (attempts: [StoreRepairAttempt], unreadable: Int) {
        (now.files.values.sorted { $0.id < $1.id }, 0)
    }

    func keep(_ attempt: StoreRepairAttempt) async throws(StoreError) {
        let step: Step =
            attempt.isTold
            ? .toldKept
            : attempt.conclusion != nil
                ? .verdictKept
                : attempt.receipt != nil ? .receiptKept : .intentKept
        try pass(step) { state throws(StoreError) in
            guard !state.diskIsFull else { throw .unavailable(reason: "no space left on device") }
            state.files[attempt.id] = attempt
        }
    }

    func forget(_ attempt: IntentID) async throws(StoreError) { change { $0.files[attempt] = nil } }

    func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .command(let command) = step else { return Receipt(ending: .notStarted(reason: "no service here")) }
        let seen = now
        guard seen.canBeSeen else { return Receipt(ending: .notStarted(reason: "the host does not answer")) }
        if command.canonical.hasPrefix("'ps'") {
            change { $0.looksAllowed -= 1 }
            guard seen.processesCanBeSeen else { return Receipt(ending: .exited(status: 1)) }
            return Receipt(ending: .exited(status: 0), standardOutput: seen.processes.joined(separator: "\n"))
        }
        guard command.effects.first?.verb == .start else {
            return Receipt(ending: .exited(status: 0), standardOutput: inspection(seen))
        }
        do throws(StoreError) {
            try pass(.started) { state in
                state.commands.append(command.canonical)
                if !state.isRunning { state.runs += 1 }
                state.isRunning = state.staysUpAfterStart
            }
            return now.isDead ? Receipt(ending: .unknown(reason: "dead")) : Receipt(ending: .exited(status: 0))
        } catch {
            return Receipt(ending: .unknown(reason: "\(error)"))
        }
    }

    func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt {
        Receipt(ending: .notStarted(reason: "no guard here"))
    }

    func confirm(on host: Host, _ run: RunContext) async -> Receipt {
        Receipt(ending: .notStarted(reason: "no guard here"))
    }

    private func inspection(_ state: State) -> String {
        """
        {"status":"\(state.isRunning ? "running" : "exited")","startedAt":"start \(state.runs)",\
        "pid":\(state.isRunning ? state.runs : 0),"exitCode":\(state.exitCode),"oomKilled":false,"health":null,\
        "restartPolicy":"no","restartCount":0}
        """
    }
}
