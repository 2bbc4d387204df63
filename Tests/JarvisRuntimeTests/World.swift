// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import Synchronization

/// A homelab of one container, for jobs to look at and act on.
final class World: CommandRunner, MetricsSource, ServiceProber {
    struct State {
        var isRunning = false
        var starts = 1
        var canBeSeen = true
        var staysUpAfterStart = true
        var metricsAnswer = true
        /// Whether the service is good as long as the container is; else it is what `isServing` says.
        var serviceFollows = true
        var isServing = true
        /// Whether a start breaks the service.
        var startBreaksService = false
        /// Whether something starts the container again whenever it is stopped.
        var isHealedByOthers = false
        var healsAt: Date?
        /// Which container it is.
        var identity = "c0ffee"
        /// Whether the stop of it has no effect.
        var staysUpAfterStop = false
        var changes: [String] = []
        /// Names of processes on the host.
        var processes = ["S    systemd", "Ss   sshd"]
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Date
    /// Called while a changing command "runs", before its receipt is returned.
    let duringChange: @Sendable () -> Void

    init(
        _ state: State = State(), now: @escaping @Sendable () -> Date, duringChange: @escaping @Sendable () -> Void = {}
    ) {
        self.state = Mutex(state)
        self.now = now
        self.duringChange = duringChange
    }

    var changes: [String] { state.withLock { $0.changes } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .command(let command) = step else { return Receipt(ending: .notStarted(reason: "no service here")) }
        let seen = state.withLock { state in
            if let due = state.healsAt, now() >= due {
                state.healsAt = nil
                state.isRunning = true
            }
            return state
        }
        guard seen.canBeSeen else { return Receipt(ending: .notStarted(reason: "the host does not answer")) }
        switch command.effects.first?.verb {
        case .observe where command.canonical.hasPrefix("'ps'"):
            return Receipt(ending: .exited(status: 0), standardOutput: seen.processes.joined(separator: "\n"))
        case .observe where command.canonical.contains("'logs'"):
            return Receipt(ending: .exited(status: 0), standardOutput: "run \(seen.starts) says goodbye\n")
        case .observe: return Receipt(ending: .exited(status: 0), standardOutput: inspection(seen))
        case .start, .restart:
            state.withLock { state in
                state.changes.append(command.canonical)
                state.starts += 1
                state.isRunning = state.staysUpAfterStart
                if state.startBreaksService { state.isServing = false }
            }
            duringChange()
            return Receipt(ending: .exited(status: 0))
        case .stop:
            state.withLock { state in
                state.changes.append(command.canonical)
                state.isRunning = state.staysUpAfterStop
                if state.isHealedByOthers { state.healsAt = now().addingTimeInterval(5) }
                if state.startBreaksService { state.isServing = true }
            }
            duringChange()
            return Receipt(ending: .exited(status: 0))
        default: return Receipt(ending: .exited(status: 127))
        }
    }

    func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt {
        Receipt(ending: .notStarted(reason: "no guard here"))
    }

    func confirm(on host: Host, _ run: RunContext) async -> Receipt {
        Receipt(ending: .notStarted(reason: "no guard here"))
    }

    private func inspection(_ state: State) -> String {
        let status = state.isRunning ? "running" : "exited"
        return """
            {"id":"\(state.identity)","status":"\(status)","startedAt":"start \(state.starts)","pid":\(state.starts),"exitCode":0,\
            "oomKilled":false,"health":null,"restartPolicy":"no","restartCount":0}
            """
    }

    func ask(_ probe: ServiceProbe) async -> ServiceAnswer {
        state.withLock { $0.serviceFollows ? $0.isRunning : $0.isServing } ? .good("answered") : .bad("refused")
    }

    func reading(of labels: LabelSet) async throws(MetricsSourceError) -> AlertRuleReading? {
        let seen = state.withLock { $0 }
        guard seen.metricsAnswer else { throw MetricsSourceError("prometheus does not answer") }
        return AlertRuleReading(
            state: seen.isRunning ? .inactive : .firing, ruleError: nil, rows: seen.isRunning ? 0 : 1,
            presence: .selectors([.init(text: "up", newestSample: now())]), sourceTime: now(),
            timing: ObservationTiming(scrapeInterval: 1, evaluationInterval: 1))
    }
}

extension World {
    /// The state as it is now, to begin another world with.
    var snapshotOfState: State { state.withLock { $0 } }
}

/// Counts what happens.
final class Runs: Sendable {
    private let count = Mutex(0)

    /// The number of this time, from 1.
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
