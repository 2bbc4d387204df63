// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography

/// Decides about one request; pure, so that every answer can be tested.
struct Guardian: Sendable {
    let settings: GuardSettings
    let policy: Policy
    /// Whether a network interface certainly does not exist on this host now.
    var isAbsent: @Sendable (_ interface: String) -> Bool = { _ in false }

    /// What is to be done.
    enum Admission: Sendable, Equatable {
        case run(JudgedCommand, under: String?)
        case arm(JudgedCommand, id: String, seconds: Int)
        case confirm(id: String)
    }

    /// Checks signature, host, time, epoch, command, class, targets, paths, intent and rate, in this order.
    ///
    /// `state` is changed only where the request is admitted, and must be durable before anything is done. `armed` are
    /// the timed reverts that wait.
    func admit(
        _ envelope: SignedEnvelope, state: inout GuardState, now: Int64, armed: [TimedRevert] = [],
        resolve: (String) -> PathResolution
    ) throws(Refusal) -> Admission {
        let request = envelope.request
        let bytes = request.signedBytes
        guard settings.keys.contains(where: { Ed25519.isValid(envelope.signature, for: bytes, publicKey: $0) }) else {
            throw Refusal("it is not signed by a key of this host's file")
        }
        guard request.host == settings.host else { throw Refusal("it is meant for another host") }
        guard request.expires + GuardState.skew >= now else {
            throw Refusal("it has expired: \(now - request.expires) s ago by this host's clock")
        }
        guard request.expires <= now + GuardState.longestLife + GuardState.skew else {
            throw Refusal("it is valid for too long: is this host's clock behind that of Jarvis?")
        }
        var next = state
        next.prune(now: now)
        if case .confirm = request.verb {
            try checkEpoch(request, next)
            guard let id = request.intent else { throw Refusal("it names no timed revert") }
            next.epoch = max(next.epoch, request.epoch)
            state = next
            return .confirm(id: id)
        }
        let command = try judge(request, now, armed)
        if command.commandClass > .observe || request.intent != nil {
            guard let intent = request.intent else { throw Refusal("a change needs an intent") }
            try checkEpoch(request, next)
            try next.admit(
                intent: intent, expires: request.expires, now: now, changesPerHour: settings.changesPerHour)
        }
        try checkPaths(command, resolve)
        next.epoch = max(next.epoch, request.epoch)
        state = next
        guard case .arm(let seconds) = request.verb, let id = request.intent else {
            return .run(command, under: request.under)
        }
        return .arm(command, id: id, seconds: seconds)
    }

    /// The command of an armed revert, right before it runs.
    ///
    /// It was admitted when the link was down; now that it is up, taking it down is what was agreed on.
    func judge(revert canonical: String) throws(Refusal) -> JudgedCommand {
        let command = try understand(canonical)
        return try within(command, as: policy.tunnelTakenDown(by: command) == nil ? command.commandClass : .bounded)
    }

    /// One step, printed as the policy prints it.
    private func understand(_ canonical: String) throws(Refusal) -> JudgedCommand {
        let judged = try policy.assess(canonical)
        guard judged.steps.count == 1, let command = judged.steps.first else {
            throw Refusal("it is more than one step")
        }
        guard command.canonical == canonical else { throw Refusal("it is not printed as the policy prints it") }
        return command
    }

    /// How risky it is here and now: the local end of a tunnel that is down may be brought up under a timed revert.
    private func commandClass(
        of command: JudgedCommand, _ request: GuardRequest, _ now: Int64, _ armed: [TimedRevert]
    ) -> CommandClass {
        if case .arm = request.verb {
            let tunnel = policy.tunnelTakenDown(by: command)
            return tunnel.map(isAbsent) == true ? .bounded : command.commandClass
        }
        guard let confirmed = policy.commitConfirmed(command, link: .down), let tunnel = confirmed.tunnel,
            isAbsent(tunnel), let revert = revert(for: request, now, armed),
            revert.canonical == confirmed.revert.canonical
        else { return command.commandClass }
        return confirmed.change.commandClass
    }

    /// The revert that a change names, armed by the same epoch, and not to run before the change surely ended.
    private func revert(for request: GuardRequest, _ now: Int64, _ armed: [TimedRevert]) -> TimedRevert? {
        let latest = now + Int64(request.deadlineSeconds + request.graceSeconds)
        return armed.first { $0.id == request.under && $0.epoch == request.epoch && $0.due > latest }
    }

    /// Within cap and targets.
    private func within(_ command: JudgedCommand, as commandClass: CommandClass) throws(Refusal) -> JudgedCommand {
        guard commandClass <= settings.cap else {
            throw Refusal(
                "it is \(commandClass.rawValue); this guard goes no further than \(settings.cap.rawValue)")
        }
        guard commandClass > .observe else { return command }
        let changes = command.effects.filter(\.isChange)
        for effect in changes.isEmpty ? command.effects : changes where !settings.allows(effect) {
            throw Refusal("\(effect.target) may not be changed: this host's file has no allow-target for it")
        }
        return command
    }

    /// A command by this host's own policy.
    private func judge(_ request: GuardRequest, _ now: Int64, _ armed: [TimedRevert]) throws(Refusal) -> JudgedCommand {
        let understood = try understand(request.canonical)
        if let under = request.under, revert(for: request, now, armed) == nil {
            throw Refusal("the timed revert \(under) is not armed, or would run before this surely ended")
        }
        let commandClass = commandClass(of: understood, request, now, armed)
        let command = try within(understood, as: commandClass)
        guard commandClass <= request.commandClass else {
            throw Refusal(
                "Jarvis takes it for \(request.commandClass.rawValue), this host for \(commandClass.rawValue)")
        }
        return command
    }

    private func checkEpoch(_ request: GuardRequest, _ state: GuardState) throws(Refusal) {
        guard request.epoch >= state.epoch else {
            throw Refusal(
                "epoch \(request.epoch) is over, epoch \(state.epoch) spoke; if Jarvis was set back, run reset-token here"
            )
        }
    }

    /// A path behind symbolic links must be allowed like the path that was written, and so must what is changed there.
    private func checkPaths(_ command: JudgedCommand, _ resolve: (String) -> PathResolution) throws(Refusal) {
        guard let there = try policy.judgeBehindLinks(command, { resolve($0.path) }) else { return }
        do throws(Refusal) {
            _ = try within(there, as: there.commandClass)
        } catch {
            throw Refusal("a symbolic link leads elsewhere: \(error.reason)")
        }
    }
}
