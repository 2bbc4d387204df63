// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation

/// Generated and mutated commands against the policy's promises, in batches that add up over runs.
///
/// For every command that is accepted: the words that dash and bash would execute for the canonical form, and dash
/// for the text as it came, are the words that were judged; the canonical form is judged the same and printed the
/// same. A finding is printed with its seed.
struct FuzzCampaign {
    /// Commands of one batch; each batch has a seed of its own.
    static let batchSize = 20_000
    static let stateFile = ".results/policy-fuzz.state.json"

    /// What all runs so far came to; written before and after every batch, so that a crash is counted, too.
    struct State: Codable {
        var batches: UInt64 = 0
        var commands = 0
        var accepted = 0
        var throughPath = 0
        var disagreements = 0
        var crashes = 0
        /// The batch that is running.
        var running: UInt64?
        /// Whether it was begun before and never ended.
        var isRepeated: Bool?
    }

    let policy: Policy

    func run(_ wanted: Int) throws {
        var state = Self.load()
        if let batch = state.running {
            if state.isRepeated == true {
                state.crashes += 1
                state.batches += 1
                PolicyCampaign.report("CRASH: batch \(batch) never ends")
            } else {
                // It was stopped, or it crashed: running it again tells.
                state.isRepeated = true
                PolicyCampaign.report("batch \(batch) of an earlier run never ended; it is run again")
            }
        }
        let seeds = try (Corpora.adversarial() + Corpora.legitimate()).map(\.command) + policy.examples
        let mutator = CommandMutator(seeds: seeds)
        let recorder = try ShellRecorder(programs: policy.programs)
        let begin = state.commands
        let clock = ContinuousClock.now
        var findings = 0
        while state.commands - begin < wanted {
            state.running = state.batches
            try Self.save(state)
            let size = min(Self.batchSize, wanted - (state.commands - begin))
            let found = try batch(state.batches, size, mutator, recorder, &state)
            findings += found
            state.disagreements += found
            state.commands += size
            state.batches += 1
            state.running = nil
            state.isRepeated = nil
            try Self.save(state)
            if state.batches % 10 == 0 {
                PolicyCampaign.report(
                    "\(state.commands - begin) of \(wanted) commands, \(state.accepted) accepted in all, \(findings) findings"
                )
            }
        }
        let seconds = (ContinuousClock.now - clock).components.seconds
        try PolicyCampaign.conclude(
            "policy-fuzz",
            "commands=\(state.commands) disagreements=\(state.disagreements) crashes=\(state.crashes) "
                + "accepted=\(state.accepted) through_path=\(state.throughPath) this_run=\(state.commands - begin) seconds=\(seconds)",
            [
                "commands": state.commands, "disagreements": state.disagreements, "crashes": state.crashes,
                "accepted": state.accepted, "through_path": state.throughPath,
            ])
        guard findings == 0, state.crashes == 0 else { throw CampaignError("the policy broke a promise") }
    }

    private struct Case {
        let text: String
        let judged: JudgedText
        let parsed: CommandList
        let canonical: CommandList

        var programs: [String] { parsed.pipelines.flatMap(\.commands).map { $0.words[0] } }
    }

    private func batch(
        _ seed: UInt64, _ size: Int, _ mutator: CommandMutator, _ recorder: ShellRecorder, _ state: inout State
    ) throws -> Int {
        var random = SeededRandom(seed: seed)
        var cases: [Case] = []
        var findings = 0
        for _ in 0..<size {
            let text = mutator.make(&random)
            guard let judged = try? policy.assess(text) else { continue }
            guard let parsed = try? CommandList(parsing: text),
                let canonical = try? CommandList(parsing: judged.canonical),
                canonical.canonical == judged.canonical, let again = try? policy.assess(judged.canonical),
                again == judged
            else {
                findings += report("the canonical form is judged otherwise", text, seed)
                continue
            }
            cases.append(Case(text: text, judged: judged, parsed: parsed, canonical: canonical))
        }
        state.accepted += cases.count
        for status in [0, 1] {
            // The second round is for what runs only after a failure.
            let chosen = cases.filter { status == 0 || $0.parsed.connectors.contains(.orElse) }
            let plain = chosen.filter { $0.programs.allSatisfy(recorder.hasFunction) }
            findings += try compare(
                plain, recorder, "/usr/bin/dash", \.judged.canonical, \.canonical, status, false, seed)
            findings += try compare(
                plain, recorder, "/usr/bin/bash", \.judged.canonical, \.canonical, status, false, seed)
            findings += try compare(plain, recorder, "/usr/bin/dash", \.text, \.parsed, status, false, seed)
        }
        // Programs whose names are no function names, and one in a hundred of the others, are found through PATH.
        let byPath = cases.enumerated().filter { index, item in
            (index % 100 == 0 || !item.programs.allSatisfy(recorder.hasFunction))
                && item.programs.allSatisfy(recorder.hasStub)
        }.map(\.element)
        let sample = Array(byPath.prefix(200))
        state.throughPath += sample.count
        findings += try compare(sample, recorder, "/usr/bin/dash", \.judged.canonical, \.canonical, 0, true, seed)
        return findings
    }

    private func compare(
        _ cases: [Case], _ recorder: ShellRecorder, _ shell: String, _ text: (Case) -> String,
        _ list: (Case) -> CommandList, _ status: Int, _ byPath: Bool, _ seed: UInt64
    ) throws -> Int {
        guard !cases.isEmpty else { return 0 }
        let records = try recorder.record(cases.map(text), shell: shell, status: status, byPath: byPath)
        var findings = 0
        for (item, record) in zip(cases, records) {
            let expected = list(item).executed(whenAllEndWith: status)
            // Commands of one pipeline run at the same time.
            if record.sorted(by: Self.precedes) != expected.sorted(by: Self.precedes) {
                findings += report("\(shell) runs \(record), judged was \(expected)", item.text, seed)
            }
        }
        return findings
    }

    private static func precedes(_ left: [String], _ right: [String]) -> Bool { left.lexicographicallyPrecedes(right) }

    private func report(_ what: String, _ text: String, _ seed: UInt64) -> Int {
        PolicyCampaign.report("FINDING (batch \(seed)): \(what.prefix(400)): \(text.debugDescription)")
        return 1
    }

    private static func load() -> State {
        guard let data = try? Data(contentsOf: URL(filePath: stateFile)) else { return State() }
        return (try? JSONDecoder().decode(State.self, from: data)) ?? State()
    }

    private static func save(_ state: State) throws {
        try FileManager.default.createDirectory(atPath: ".results", withIntermediateDirectories: true)
        try JSONEncoder().encode(state).write(to: URL(filePath: stateFile), options: .atomic)
    }
}

extension CommandList {
    /// The commands that a shell runs when each of them ends with this status.
    func executed(whenAllEndWith status: Int) -> [[String]] {
        var executed: [[String]] = []
        var isGood = true
        for (index, pipeline) in pipelines.enumerated() {
            let connector = index == 0 ? CommandList.Connector.then : connectors[index - 1]
            let runs =
                switch connector {
                case .then: true
                case .andThen: isGood
                case .orElse: !isGood
                }
            guard runs else { continue }
            executed += pipeline.commands.map(\.words)
            isGood = status == 0
        }
        return executed
    }
}
