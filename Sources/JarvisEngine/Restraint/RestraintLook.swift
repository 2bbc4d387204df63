// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// What a host is asked before a plan is made, and which signs are in the answers.
package enum RestraintLook {
    /// One question.
    package struct Question: Sendable {
        enum Kind { case state, events, description, unitFile, sessions, processes }
        let kind: Kind
        /// The observing step.
        package let step: JudgedStep
    }

    /// Seconds after which the host ends one of them.
    package static let deadlineSeconds = 10

    /// Programs that restart or replace containers by themselves, by the first 15 bytes of their names.
    private static let healers: Set<Substring> = ["autoheal", "docker-autoheal", "watchtower", "ouroboros", "diun"]

    /// The questions about a target; those that the policy refuses are left out, and say nothing.
    package static func questions(about target: Target, in inventory: Inventory, under policy: Policy) -> [Question] {
        guard let host = inventory.hosts[target.host], let declaration = inventory.declaration(of: target),
            declaration.container != nil || target.kind == .unit,
            let state = TargetProbe.step(for: target, in: inventory, under: policy)
        else { return [] }
        var questions = [Question(kind: .state, step: state)]
        func ask(_ kind: Question.Kind, _ command: JudgedCommand?) {
            if let command { questions.append(Question(kind: kind, step: .command(command))) }
        }
        if let container = declaration.container {
            ask(.events, events(of: container, on: host, policy))
            let name = try? ContainerName(container)
            ask(
                .description,
                name.flatMap { try? policy.describeContainer($0, as: host.privilege(for: .container)) })
        } else {
            let name = try? UnitName(target.name)
            ask(.unitFile, name.flatMap { try? policy.showUnitFile($0) })
        }
        ask(.sessions, try? policy.judge(words: ["who"]))
        ask(.processes, try? policy.judge(words: ["ps", "-e", "-o", "stat=,comm="]))
        return questions
    }

    /// What of it runs as root where containers do.
    package static func events(of container: String, on host: Host, _ policy: Policy) -> JudgedCommand? {
        guard let name = try? ContainerName(container) else { return nil }
        return try? policy.containerEvents(name, as: host.privilege(for: .container))
    }

    /// The signs in what came back.
    package static func signs(of target: Target, in answers: [(Question, Receipt)]) -> [RestraintSign] {
        var signs: [RestraintSign] = []
        for (question, receipt) in answers {
            guard case .exited(0) = receipt.ending else { continue }
            let text = receipt.standardOutput.verbatim
            switch question.kind {
            case .state: signs += target.kind == .unit ? UnitState.signs(text) : ContainerState.signs(text)
            case .events: signs += self.events(text)
            case .description:
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                if lines.count > 3, lines[3].hasPrefix("\""), lines[3] != "\"\"" { signs.append(.failedToStart) }
            case .unitFile:
                if ["UnitFileState=disabled", "UnitFileState=masked"].contains(where: { text.hasPrefix($0) }) {
                    signs.append(.disabledUnit)
                }
            case .sessions: if text.split(separator: "\n").contains(where: isSession) { signs.append(.openSession) }
            case .processes:
                let names = text.split(separator: "\n").compactMap { $0.split(separator: " ").last }
                if target.kind != .unit, names.contains(where: healers.contains) { signs.append(.otherHealer) }
            }
        }
        // A crash that the events tell of says more than the state it left.
        guard signs.contains(.crashed) || signs.contains(.failedToStart) else { return signs }
        return signs.filter { $0 != .leftByRestartPolicy && $0 != .orderlyExit }
    }

    /// Seconds within which a container dies of a signal that it was sent.
    private static let deathAfterSignal: Int64 = 15

    /// What happened to a container since it ran last, by its engine's events, oldest first.
    private static func events(_ text: String) -> [RestraintSign] {
        var isStopped = false
        var signalledAt: Int64?
        var isDeathSignalled: Bool?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            // Some events have more words, such as what is executed in a container: none of these.
            guard words.count == 2, let at = Int64(words[1]) else { continue }
            switch words[0] {
            case "start", "restart", "pause", "unpause": (isStopped, signalledAt, isDeathSignalled) = (false, nil, nil)
            case "stop": isStopped = true
            case "kill": signalledAt = at
            case "die":
                isDeathSignalled = signalledAt.map { (0...deathAfterSignal).contains(at - $0) } ?? false
            default: break
            }
        }
        if isStopped { return [.stoppedThroughEngine] }
        return isDeathSignalled.map { [$0 ? .signalledThroughEngine : .crashed] } ?? []
    }

    /// A line of `who` (utmp) about somebody with a terminal.
    private static func isSession(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        return words.count >= 2 && (words[1].hasPrefix("pts/") || words[1].hasPrefix("tty"))
    }
}
