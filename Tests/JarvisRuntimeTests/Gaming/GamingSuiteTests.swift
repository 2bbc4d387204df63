// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisTestSupport
import Testing

/// Ways in which a fix looks good and is not, each in worlds of all intervals, delays and clocks; `Campaigns/verdict-test`
/// asks for more of them.
@Suite struct GamingSuiteTests {
    @Test func `nothing is called fixed that is not, and what is fixed is called so`() async throws {
        let chosen = ProcessInfo.processInfo.environment["GAME"]
        let seeds = Array(SimulationSeeds.range(1))
        // The campaign plays them all; here a part of them keeps the suite short.
        let isCampaign = ProcessInfo.processInfo.environment["SIMULATION_SEEDS"] != nil
        let games = Game.all.enumerated().filter { index, game in
            chosen.map { game.name.contains($0) } ?? (isCampaign || index.isMultiple(of: 4))
        }.map(\.element)
        let endings = try await Self.play(games, seeds)
        for (game, endings) in zip(games, endings) {
            var counts: [String: Int] = [:]
            for (seed, ending) in zip(seeds, endings) {
                counts[ending.label, default: 0] += 1
                let story = chosen == nil ? "" : "\n" + ending.story.joined(separator: "\n")
                if seeds.count == 1, chosen != nil { print(story) }
                if let claim = ending.falseClaim {
                    Issue.record("FALSE VERIFIED seed \(seed): \(game.name): \(claim)\(story)")
                } else if !game.mayEnd.contains(ending.label) {
                    Issue.record("seed \(seed): \(game.name): ended as \(ending.label): \(ending.reason)\(story)")
                }
            }
            let shown = counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            print("game\t\(game.name)\t\(game.isFair ? "good" : "game")\t\(shown)")
        }
    }

    /// As many at a time as there are processors; by game and seed.
    private static func play(_ games: [Game], _ seeds: [UInt64]) async throws -> [[GameRun.Ending]] {
        let all = games.flatMap { game in seeds.map { (game, $0) } }
        let lanes = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let endings = try await withThrowingTaskGroup(of: [(Int, GameRun.Ending)].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var endings: [(Int, GameRun.Ending)] = []
                    for index in stride(from: lane, to: all.count, by: lanes) {
                        endings.append((index, try await GameRun.play(all[index].0, seed: all[index].1)))
                    }
                    return endings
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return stride(from: 0, to: endings.count, by: seeds.count).map { Array(endings[$0..<($0 + seeds.count)]) }
    }
}
