// SPDX-License-Identifier: Apache-2.0

/// Symbolic links: what was judged is a path as it is written, what is opened is where it leads.
extension Policy {
    /// Every path that is written in a command, each once.
    package func paths(of command: JudgedCommand) throws(Refusal) -> [PathWord] {
        var found: [PathWord] = []
        _ = try replacingPaths(in: command.list) { word throws(Refusal) in
            if !found.contains(word) { found.append(word) }
            return word.path
        }
        return found
    }

    /// Judges a command as if its paths were written as they lead; nil: they lead nowhere else.
    ///
    /// Throws when it can't be seen where a path leads, and when the command would be refused or riskier there.
    package func judgeBehindLinks(
        _ command: JudgedCommand, _ resolve: (PathWord) -> PathResolution
    ) throws(Refusal) -> JudgedCommand? {
        let there = try replacingPaths(in: command.list) { word throws(Refusal) in
            switch resolve(word) {
            case .same: return word.path
            case .elsewhere(let target): return target
            case .unknown(let reason):
                throw Refusal("where \(Refusal.show(word.path)) leads can't be seen: \(reason)")
            }
        }
        guard there != command.list else { return nil }
        do throws(Refusal) {
            let judged = try assess(there.canonical)
            guard judged.steps.count == 1, let step = judged.steps.first, judged.canonical == there.canonical else {
                throw Refusal("it is another command there")
            }
            guard step.commandClass <= command.commandClass else {
                throw Refusal("it is \(step.commandClass.rawValue) there")
            }
            return step
        } catch {
            throw Refusal("a symbolic link leads elsewhere: \(error.reason)")
        }
    }

    /// `realpath PATH…` in one place, which coreutils and BusyBox answer alike, or what stands in for it.
    ///
    /// The program is judged like any other. The paths were when the command was that they stand in; where they lead
    /// goes no further than to the gate, so they need not be among those that may be listed.
    package func askForPaths(
        _ paths: [String], in place: [String], as privilege: Privilege = .login, by follower: PathFollower = .realpath
    ) throws(Refusal) -> JudgedCommand {
        let words = privilege.prefix + place + follower.words
        let judged = try judge(words: words + ["/"])
        guard judged.commandClass == .observe, (1...follower.maximumPaths).contains(paths.count),
            paths.allSatisfy(PathRules.isPlain)
        else {
            throw Refusal("where its paths lead can't be asked")
        }
        let list = CommandList(words: words + paths)
        try denials.check(list)
        return JudgedCommand(
            list: list, commandClass: .observe, undo: .yes, destroys: false, effects: judged.effects,
            reason: judged.reason)
    }

    /// The same commands with every path in a word behind a program replaced.
    private func replacingPaths(
        in list: CommandList, _ replacement: (PathWord) throws(Refusal) -> String
    ) throws(Refusal) -> CommandList {
        try list.replacingWords { words throws(Refusal) in
            guard words.dropFirst().contains(where: { PathWord.split($0) != nil }) else { return words }
            // The words of a command inside a container are the last ones; its program is none of its paths.
            let inner = try examine(words).judgement.inner.first.map { words.count - $0.count } ?? words.count
            var replaced = words
            for index in words.indices.dropFirst() where index != inner {
                guard let (head, path, tail) = PathWord.split(words[index]) else { continue }
                let place = index > inner ? Array(words[..<inner]) : []
                replaced[index] = head + (try replacement(PathWord(place: place, path: String(path)))) + tail
            }
            return replaced
        }
    }
}
