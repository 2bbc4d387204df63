// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The figures of the benchmark; a ratio is the full store's rate over the empty one's, the median of all turns;
/// a `cpu` ratio is that of what was done in a second of this process' processor time.
struct GrowthReport: Sendable, Encodable {
    let rows: Int
    let ingestRatio: Double
    let formRatio: Double
    let listRatio: Double
    let openRatio: Double
    let ingestProcessorRatio: Double
    let listProcessorRatio: Double
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
        case ingestProcessorRatio = "ingest_cpu_ratio"
        case listProcessorRatio = "list_cpu_ratio"
        case ingestPerSecond = "ingest_per_s"
        case listMilliseconds = "list_ms"
        case databaseMiB = "database_mib"
        case fillSeconds = "fill_s"
    }

    init(rows: Int, databaseMiB: Int, fillSeconds: Double, figures: Figures) {
        func median(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        }
        func ratio(_ turns: [Turn], _ value: (Rate) -> Double = { $0.perSecond }) -> Double {
            Self.rounded(median(turns.map { value($0.full) / value($0.empty) }))
        }
        self.rows = rows
        ingestRatio = ratio(figures.ingest)
        formRatio = ratio(figures.form)
        listRatio = ratio(figures.list)
        ingestProcessorRatio = ratio(figures.ingest, \.perProcessorSecond)
        listProcessorRatio = ratio(figures.list, \.perProcessorSecond)
        openRatio = ratio(figures.open)
        ingestPerSecond = median(figures.ingest.map(\.full.perSecond)).rounded()
        listMilliseconds = Self.rounded(1000 / median(figures.list.map(\.full.perSecond)))
        self.databaseMiB = databaseMiB
        self.fillSeconds = fillSeconds.rounded()
    }

    var line: String {
        "growth-bench: rows=\(rows) ingest_ratio=\(ingestRatio) list_ratio=\(listRatio) open_list_ratio=\(openRatio) "
            + "ingest_cpu_ratio=\(ingestProcessorRatio) list_cpu_ratio=\(listProcessorRatio) form_ratio=\(formRatio) ingest_per_s=\(Int(ingestPerSecond)) list_ms=\(listMilliseconds) "
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
