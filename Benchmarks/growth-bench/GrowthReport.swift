// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The figures of the benchmark; a ratio is the full store's rate over the empty one's, the median of all turns.
struct GrowthReport: Sendable, Encodable {
    let rows: Int
    let ingestRatio: Double
    let formRatio: Double
    let listRatio: Double
    let openRatio: Double
    let ingestPerSecond: Double
    let listMilliseconds: Double
    let databaseMiB: Int
    let fillSeconds: Double

    enum CodingKeys: String, CodingKey {
        case rows
        case ingestRatio = "ingest_ratio"
        case formRatio = "form_ratio"
        case listRatio = "list_ratio"
        case openRatio = "open_list_ratio"
        case ingestPerSecond = "ingest_per_s"
        case listMilliseconds = "list_ms"
        case databaseMiB = "database_mib"
        case fillSeconds = "fill_s"
    }

    init(rows: Int, databaseMiB: Int, fillSeconds: Double, figures: [Figure]) {
        func median(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        }
        func ofFull(_ value: (Figure) -> Double) -> Double { median(figures.filter(\.isFull).map(value)) }
        func ratio(_ value: (Figure) -> Double) -> Double {
            let pairs = zip(figures.filter(\.isFull), figures.filter { !$0.isFull })
            return Self.rounded(median(pairs.map { value($0) / value($1) }))
        }
        self.rows = rows
        ingestRatio = ratio(\.ingest)
        formRatio = ratio(\.form)
        listRatio = ratio(\.list)
        openRatio = ratio(\.open)
        ingestPerSecond = ofFull(\.ingest).rounded()
        listMilliseconds = Self.rounded(1000 / ofFull(\.list))
        self.databaseMiB = databaseMiB
        self.fillSeconds = fillSeconds.rounded()
    }

    var line: String {
        "growth-bench: rows=\(rows) ingest_ratio=\(ingestRatio) list_ratio=\(listRatio) open_list_ratio=\(openRatio) "
            + "form_ratio=\(formRatio) ingest_per_s=\(Int(ingestPerSecond)) list_ms=\(listMilliseconds) "
            + "database_mib=\(databaseMiB) fill_s=\(Int(fillSeconds))"
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
