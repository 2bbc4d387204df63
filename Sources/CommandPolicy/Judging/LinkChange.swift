// SPDX-License-Identifier: Apache-2.0

/// How the local end of a link is, as measured just before a change.
package enum LinkState: Sendable, Equatable {
    case up, down
    /// It could not be seen.
    case unknown
}

/// A command that brings the local end of a way to the host up or takes it down.
///
/// Recognised in its plainest spelling only: `systemctl start|restart|stop UNIT` of one unit that is a lifeline, and
/// `wg-quick up|down INTERFACE`, with or without `sudo -n`. Everything else has no known way back.
struct LinkChange: Equatable {
    enum Goal: Equatable { case up, down, upAgain }

    /// The words in front of the program, `sudo -n` or none.
    let prefix: [String]
    /// `systemctl` or `wg-quick`.
    let program: String
    let goal: Goal
    /// The unit or interface.
    let operand: String

    init?(_ command: JudgedCommand, _ settings: PolicySettings) {
        guard command.list.isSimple, command.effects.count == 1, let effect = command.effects.first,
            let words = command.list.pipelines.first?.commands.first?.words
        else { return nil }
        let prefix = words.starts(with: ["sudo", "-n"]) ? ["sudo", "-n"] : []
        let rest = Array(words.dropFirst(prefix.count))
        guard rest.count == 3, rest[2] == effect.name else { return nil }
        switch (rest[0], rest[1], effect.kind) {
        case ("systemctl", "start", .unit): goal = .up
        case ("systemctl", "restart", .unit): goal = .upAgain
        case ("systemctl", "stop", .unit): goal = .down
        case ("wg-quick", "up", .interface): goal = .up
        case ("wg-quick", "down", .interface): goal = .down
        default: return nil
        }
        // What the operator protects otherwise is not a link to be taken up and down.
        let level = settings.protection.level(effect.kind, effect.name)
        guard level == .lifeline || (level == nil && effect.kind == .interface) else { return nil }
        self.prefix = prefix
        program = rest[0]
        operand = rest[2]
    }

    /// The network interface that exists only while the link is up; nil where that is not known.
    var tunnel: String? {
        var name = operand[...]
        if program == "systemctl" {
            guard let instance = operand.after("wg-quick@") else { return nil }
            name = instance[...]
            if name.hasSuffix(".service") { name = name.dropLast(".service".count) }
            // `wg0.timer` is another unit, and its name that of no interface.
            guard (try? UnitName("x@\(name)")) == nil else { return nil }
        }
        // As Linux takes names of interfaces, and wg-quick(8) those of its files.
        let isName =
            (1...15).contains(name.utf8.count)
            && name.utf8.allSatisfy { isASCIILetterOrDigit($0) || "_=+.-".utf8.contains($0) }
        return isName && name != "." && name != ".." ? String(name) : nil
    }

    /// The words that take the change back; nil: nothing does.
    func inverse(from state: LinkState) -> [String]? {
        switch (goal, state) {
        case (.up, .down), (.upAgain, .down): prefix + [program, program == "systemctl" ? "stop" : "down", operand]
        case (.down, .up): prefix + [program, program == "systemctl" ? "start" : "up", operand]
        // What was up before and is started anew has no state before it that a command would bring back.
        default: nil
        }
    }
}

/// A change of the way to a host, with the command by which the host takes it back on its own.
package struct CommitConfirmedChange: Sendable, Equatable {
    /// What is to run once `revert` is armed, and only then; its class rests on that.
    package let change: JudgedCommand
    /// What the host runs by itself unless the change is confirmed.
    package let revert: JudgedCommand
    /// The network interface that must not exist before the change is taken for `bounded`; nil: it never is.
    package let tunnel: String?
}

extension Policy {
    /// A change that may cut Jarvis off, in the form in which it can be taken back; nil: it is none, or nothing would.
    ///
    /// The local end of a tunnel that is down may be brought up as a `bounded` change: before it nothing went through,
    /// and it is down again unless somebody comes back and confirms. Everything else keeps its class. The caller sees
    /// to it that the revert is armed on the host before the change runs.
    package func commitConfirmed(_ command: JudgedCommand, link state: LinkState) -> CommitConfirmedChange? {
        guard let link = LinkChange(command, settings), let words = link.inverse(from: state),
            let revert = try? judge(words: words)
        else { return nil }
        guard state == .down, let tunnel = link.tunnel else {
            return CommitConfirmedChange(change: command, revert: revert, tunnel: nil)
        }
        return CommitConfirmedChange(
            change: command.bounded("\(command.reason), under a timed revert"), revert: revert, tunnel: tunnel)
    }

    /// The interface of a tunnel that this command takes down; nil: it is no such command.
    ///
    /// Armed as a timed revert while that interface does not exist, it is a `bounded` change.
    package func tunnelTakenDown(by command: JudgedCommand) -> String? {
        guard let link = LinkChange(command, settings), link.goal == .down else { return nil }
        return link.tunnel
    }
}

extension JudgedCommand {
    /// The same command as a bounded change, for this reason.
    fileprivate func bounded(_ reason: String) -> JudgedCommand {
        JudgedCommand(
            list: list, commandClass: .bounded, undo: .yes, destroys: destroys, effects: effects,
            reason: reason)
    }
}
