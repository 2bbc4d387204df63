// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import Synchronization

/// A host with a guard and the unit of a tunnel, as far as jobs can see it.
final class TunnelWorld: CommandRunner, MetricsSource, ServiceProber {
    struct Revert {
        let canonical: String
        let due: Date
        /// Whether a change was run under it.
        var isCovering = false
    }

    struct State {
        var isUp = false
        var starts = 1
        var mayArm = true
        /// Whether answers to arming get lost on their way, though it was done.
        var losesArmAnswers = false
        /// Whether answers to confirmations get lost on their way, though they were taken.
        var losesConfirmAnswers = false
        /// Whether a new connection to the host can be made.
        var isReachable = true
        /// Whether the change cuts Jarvis off: no new connection until the host takes it back.
        var cutsOff = false
        var mends = true
        /// Whether the guard refuses the change although it holds the revert.
        var refusesChange = false
        var processes = "S    systemd"
        /// Everything that was asked of the host, in order.
        var asked: [String] = []
        var armed: [IntentID: Revert] = [:]
        var confirmed: Set<IntentID> = []
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Date
    /// Called while the host does something, before its answer is returned: `run` or `confirm`.
    let during: @Sendable (_ what: String) async -> Void

    init(
        _ state: State, now: @escaping @Sendable () -> Date,
        during: @escaping @Sendable (_ what: String) async -> Void = { _ in }
    ) {
        self.state = Mutex(state)
        self.now = now
        self.during = during
    }

    var asked: [String] { seen.asked }
    var isUp: Bool { seen.isUp }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// The host after what it has done on its own until now.
    private var seen: State {
        state.withLock { state in
            for (id, revert) in state.armed where revert.due <= now() {
                state.armed[id] = nil
                guard revert.isCovering else { continue }
                state.asked.append("by itself " + revert.canonical)
                state.isUp = false
                state.isReachable = true
            }
            return state
        }
    }

    func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .command(let command) = step else { return Receipt(ending: .notStarted(reason: "no service here")) }
        let seen = seen
        if command.effects.first?.verb == .observe {
            let output = command.canonical.hasPrefix("'ps'") ? seen.processes : properties(seen)
            return Receipt(ending: .exited(status: 0), standardOutput: output)
        }
        guard !seen.refusesChange else { return Receipt(ending: .notStarted(reason: "the host's guard refused it")) }
        if let under = run.under {
            guard seen.armed[under] != nil else {
                return Receipt(ending: .notStarted(reason: "the timed revert is not armed"))
            }
            change { $0.armed[under]?.isCovering = true }
        }
        change { state in
            state.asked.append("run " + command.canonical)
            state.starts += 1
            state.isUp = state.mends
            if state.cutsOff { state.isReachable = false }
        }
        await during("run")
        return Receipt(ending: .exited(status: 0))
    }

    func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt {
        guard seen.mayArm, let id = run.intent else {
            return Receipt(ending: .notStarted(reason: "the host's guard refused it: it is highRisk"))
        }
        change { state in
            state.asked.append("arm " + revert.canonical)
            state.armed = state.armed.filter { $0.value.canonical != revert.canonical }
            state.armed[id] = Revert(canonical: revert.canonical, due: now().addingTimeInterval(Double(seconds)))
        }
        return seen.losesArmAnswers
            ? Receipt(ending: .unknown(reason: "the connection was lost")) : Receipt(ending: .exited(status: 0))
    }

    func confirm(on host: Host, _ run: RunContext) async -> Receipt {
        guard seen.isReachable, let id = run.intent else {
            return Receipt(ending: .notStarted(reason: "nexus can't be reached"))
        }
        let status: Int32 = state.withLock { state in
            state.asked.append("confirm")
            if state.armed.removeValue(forKey: id) != nil { state.confirmed.insert(id) }
            return state.confirmed.contains(id) ? 0 : 1
        }
        await during("confirm")
        guard !seen.losesConfirmAnswers else { return Receipt(ending: .unknown(reason: "the connection was lost")) }
        return Receipt(ending: .exited(status: status), standardError: status == 0 ? "" : "too late")
    }

    private func properties(_ state: State) -> String {
        """
        LoadState=loaded
        ActiveState=\(state.isUp ? "active" : "failed")
        SubState=\(state.isUp ? "exited" : "failed")
        Type=oneshot
        Result=\(state.isUp ? "success" : "exit-code")
        InvocationID=\(state.starts)

        """
    }

    func ask(_ probe: ServiceProbe) async -> ServiceAnswer { isUp ? .good("answered") : .bad("refused") }

    func reading(of labels: LabelSet) async throws(MetricsSourceError) -> AlertRuleReading? {
        AlertRuleReading(
            state: isUp ? .inactive : .firing, ruleError: nil, rows: isUp ? 0 : 1,
            presence: .selectors([.init(text: "up", newestSample: now())]), sourceTime: now(),
            timing: ObservationTiming(scrapeInterval: 1, evaluationInterval: 1))
    }
}
