// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisSQLite

/// Measures what a store with years in it costs: taking deliveries in, forming incidents and listing them, against an
/// empty one in the same run.
///
/// `growth-bench ROWS DIRECTORY`. Both stores are measured in short turns, one right after the other, and a ratio is the
/// median of those of the turns, so that what else runs on the machine meets both.
@main struct GrowthBench {
    private static let turns = 25
    private static let listed = 100

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let rows = Int(arguments[1]), rows >= 1000 else {
            throw Usage(description: "usage: growth-bench ROWS DIRECTORY")
        }
        // The empty store has as many incidents as are listed, so that both lists hold the same.
        let empty = try await Subject(arguments[2] + "/empty", rows: Self.listed * 4)
        let began = ContinuousClock.now
        let full = try await Subject(arguments[2] + "/full", rows: rows)
        let fillSeconds = began.duration(to: .now) / .seconds(1)
        var figures: [Figure] = []
        for turn in 0..<turns {
            // Who goes first has the colder processor: they take turns.
            for (subject, isFull) in turn.isMultiple(of: 2)
                ? [(empty, false), (full, true)] : [(full, true), (empty, false)]
            {
                let figure = Figure(
                    isFull: isFull, ingest: try await subject.ingestRate(turn), form: try await subject.formRate(turn),
                    list: try await subject.listRate(openOnly: false), open: try await subject.listRate(openOnly: true))
                figures.append(figure)
                print(figure.line(turn))
            }
        }
        let report = GrowthReport(
            rows: rows, databaseMiB: try await full.megabytes(), fillSeconds: fillSeconds, figures: figures)
        try report.write(to: ".results/growth-bench.json")
        print(report.line)
    }

    struct Usage: Error, CustomStringConvertible { let description: String }
}

/// What one store did in one turn, each in operations per second.
struct Figure: Sendable {
    let isFull: Bool
    let ingest: Double
    let form: Double
    let list: Double
    let open: Double

    func line(_ turn: Int) -> String {
        "turn \(turn) \(isFull ? "full " : "empty"): ingest \(Int(ingest))/s, form \(Int(form))/s, "
            + "list \(Int(list))/s, open list \(Int(open))/s"
    }
}
