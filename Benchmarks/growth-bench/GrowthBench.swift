// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore
import JarvisSQLite

/// Measures what a store with years in it costs: taking deliveries in, forming incidents and listing them, against an
/// empty one in the same run.
///
/// `growth-bench ROWS DIRECTORY`. Both stores are measured in short turns, one right after the other, and a ratio is the
/// median of those of the turns, so that what else runs on the machine meets both.
@main struct GrowthBench {
    private static let turns = 15
    private static let listed = 100

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let rows = Int(arguments[1]), rows >= 1000 else {
            throw Usage(description: "usage: growth-bench ROWS DIRECTORY")
        }
        // Only the full one is worth keeping.
        try? FileManager.default.removeItem(atPath: arguments[2] + "/empty")
        // The empty store has as many incidents as are listed, so that both lists hold the same.
        let empty = try await Subject(arguments[2] + "/empty", rows: Self.listed * 4)
        let began = ContinuousClock.now
        let full = try await Subject(arguments[2] + "/full", rows: rows)
        let fillSeconds = began.duration(to: .now) / .seconds(1)
        // One kind after the other: what forming incidents leaves to be written back is nothing that ingest asked for.
        let figures = Figures(
            ingest: try await turns("ingest", empty, full) { try await $0.ingestRate($1) },
            list: try await turns("list", empty, full) { subject, _ in try await subject.listRate(openOnly: false) },
            open: try await turns("open list", empty, full) { subject, _ in try await subject.listRate(openOnly: true)
            },
            form: try await turns("form", empty, full) { try await $0.formRate($1) })
        let report = GrowthReport(
            rows: rows, databaseMiB: try await full.megabytes(), fillSeconds: fillSeconds, figures: figures)
        try report.write(to: ".results/growth-bench.json")
        print(report.line)
    }

    /// Measures both stores one right after the other, many times; who goes first changes.
    private static func turns(
        _ what: String, _ empty: Subject, _ full: Subject, _ measure: (Subject, Int) async throws -> Rate
    ) async throws -> [Turn] {
        // What was left to be written would be waited for by whoever syncs first.
        sync()
        var found: [Turn] = []
        for number in 0..<turns {
            let first = try await measure(number.isMultiple(of: 2) ? empty : full, number)
            let second = try await measure(number.isMultiple(of: 2) ? full : empty, number)
            let turn = number.isMultiple(of: 2) ? Turn(empty: first, full: second) : Turn(empty: second, full: first)
            print("\(what): empty \(turn.empty), full \(turn.full)")
            found.append(turn)
        }
        return found
    }

    struct Usage: Error, CustomStringConvertible { let description: String }
}

/// How often something was done.
struct Rate: Sendable, CustomStringConvertible {
    let perSecond: Double
    let perProcessorSecond: Double

    var description: String { "\(Int(perSecond))/s (\(Int(perProcessorSecond)) in a second of processor time)" }
}

/// What both stores did in one turn.
struct Turn: Sendable {
    let empty: Rate
    let full: Rate
}

/// All turns, by what was measured.
struct Figures: Sendable {
    let ingest: [Turn]
    let list: [Turn]
    let open: [Turn]
    let form: [Turn]
}
