// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Finds out where the paths in a command lead on its host, before it is sent, and has it judged anew.
///
/// Costs one question to the host for a command with paths, none without; one or two more where a path does not exist
/// or may be followed by root alone, and one for each path where there is no realpath. A host with a guard follows its own paths itself, right before it runs the
/// command; those inside containers it can't.
struct PathCheck: Sendable {
    /// What puts a question to the host.
    typealias Ask = @Sendable (JudgedCommand, _ deadlineSeconds: Int) async -> Receipt

    /// Seconds after which the host ends a question.
    private static let deadlineSeconds = 5
    /// How much later a command may begin because of its paths.
    private static let limit = Duration.seconds(10)
    /// Deeper than paths of people, and short enough for one command.
    private static let maximumDepth = 32

    let policy: Policy

    /// Why a command must not be sent; nil: it may.
    ///
    /// Whatever can't be found out is such a reason.
    func refusal(of command: JudgedCommand, isGuarded: Bool, deadlineSeconds: Int, _ ask: @escaping Ask) async
        -> String?
    {
        do throws(Refusal) {
            let words = try policy.paths(of: command).filter { $0.mayBeLink && !(isGuarded && $0.place.isEmpty) }
            guard !words.isEmpty else { return nil }
            let end = ContinuousClock.now + Self.limit
            let question = Question(
                policy: policy,
                asRoot: command.list.pipelines.contains { $0.commands.contains { $0.words[0] == "sudo" } },
                deadlineSeconds: min(deadlineSeconds, Self.deadlineSeconds), end: end, ask: ask)
            let answers = try await answers(for: words, question)
            guard .now < end else {
                throw Refusal("where its paths lead can't be seen: that took too long")
            }
            _ = try policy.judgeBehindLinks(command) { word in
                guard words.contains(word) else { return .same }
                return PathResolution.following(word.path) { path in
                    path == "/"
                        ? .end("/")
                        : answers[PathWord(place: word.place, path: path)] ?? .unknown("it was not asked for")
                }
            }
            return nil
        } catch {
            return error.reason
        }
    }

    /// Of paths without trailing slashes, and of the folders above those that are missing.
    private func answers(
        for words: [PathWord], _ question: Question
    ) async throws(Refusal) -> [PathWord: PathResolution.Answer] {
        let plain = words.map { PathWord(place: $0.place, path: $0.path.withoutTrailingSlashes) }
        var answers = try await question.put(plain)
        let missing = plain.filter { answers[$0] == .missing }
        guard !missing.isEmpty else { return answers }
        var above: [PathWord] = []
        for word in missing {
            let ancestors = word.ancestors
            guard ancestors.count <= Self.maximumDepth else {
                throw Refusal("where its paths lead can't be seen: there are too many folders")
            }
            above += ancestors.filter { answers[$0] == nil }
        }
        answers.merge(try await question.put(above)) { first, _ in first }
        return answers
    }
}

/// How one command's paths are asked for.
private struct Question: Sendable {
    let policy: Policy
    /// Whether root may be asked where the login may not look.
    let asRoot: Bool
    let deadlineSeconds: Int
    /// No question is put later.
    let end: ContinuousClock.Instant
    let ask: PathCheck.Ask

    /// Asks for each path once, in one command for each place.
    func put(_ words: [PathWord]) async throws(Refusal) -> [PathWord: PathResolution.Answer] {
        var answers = try await put(words, as: .login)
        let denied = words.filter { $0.place.isEmpty && answers[$0] == .unknown(RealpathOutput.denied) }
        guard asRoot, !denied.isEmpty else { return answers }
        answers.merge(try await put(denied, as: .root)) { $1 }
        return answers
    }

    private func put(
        _ words: [PathWord], as privilege: Privilege
    ) async throws(Refusal) -> [PathWord: PathResolution.Answer] {
        var answers: [PathWord: PathResolution.Answer] = [:]
        var rest = words
        while let place = rest.first?.place {
            var paths: [String] = []
            for word in rest where word.place == place && !paths.contains(word.path) { paths.append(word.path) }
            rest.removeAll { $0.place == place }
            let command = try policy.askForPaths(paths, in: place, as: privilege)
            let receipt = try await put(command)
            let found =
                RealpathOutput.isMissing(receipt)
                ? try await putOneByOne(paths, in: place, as: privilege) : try RealpathOutput.read(receipt, for: paths)
            for (path, answer) in found { answers[PathWord(place: place, path: path)] = answer }
        }
        return answers
    }

    /// Where there is no realpath.
    private func putOneByOne(
        _ paths: [String], in place: [String], as privilege: Privilege
    ) async throws(Refusal) -> [String: PathResolution.Answer] {
        var answers: [String: PathResolution.Answer] = [:]
        for path in paths {
            let command = try policy.askForPaths([path], in: place, as: privilege, by: .readlink)
            answers[path] = try RealpathOutput.readOne(try await put(command))
        }
        return answers
    }

    private func put(_ command: JudgedCommand) async throws(Refusal) -> Receipt {
        guard .now < end else { throw Refusal("where its paths lead can't be seen: that took too long") }
        return await ask(command, deadlineSeconds)
    }
}

extension String {
    fileprivate var withoutTrailingSlashes: String {
        var text = self
        while text.count > 1, text.last == "/" { text.removeLast() }
        return text
    }
}
