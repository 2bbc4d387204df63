// SPDX-License-Identifier: Apache-2.0
import Foundation
import JarvisTestSupport

@testable import JarvisClients

/// A Prometheus that scrapes nothing and holds two hours of the series of `Tests/Fixtures/alert_series.txt`.
final class SeededPrometheus: Sendable {
    /// The instant to ask about; the newest samples are half a minute older.
    static let now = Date(timeIntervalSince1970: 1_793_505_570)

    private static let oldest = 1_793_498_400
    private static let newest = 1_793_505_540

    private let folder: TemporaryFolder
    private let process: ChildProcess
    private let port: Int

    static let isInstalled = RealPrometheus.isInstalled && ChildProcess.exists("promtool")

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        port = try FreePort.pick()
        try folder.write(try Self.openMetrics(), to: "series.txt")
        try folder.write("global: {scrape_interval: 15s}\n", to: "prometheus.yml")
        try ChildProcess.run(
            "promtool", ["tsdb", "create-blocks-from", "openmetrics", folder.file("series.txt"), folder.file("data")],
            output: folder.file("promtool.log"))
        process = try ChildProcess(
            "prometheus",
            [
                "--config.file", folder.file("prometheus.yml"), "--storage.tsdb.path", folder.file("data"),
                "--storage.tsdb.retention.time", "100y", "--web.listen-address", "127.0.0.1:\(port)",
                "--log.level", "warn",
            ], output: folder.file("log"))
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func kill() { process.kill() }

    /// Every combination of each line's labels as a series, its values made from its place in the list.
    private static func openMetrics() throws -> String {
        var text = ""
        var place = 0
        for line in try Fixture.lines("alert_series.txt") {
            var words = line.split(separator: " ").map(String.init)[...]
            let name = words.removeFirst()
            let labels = words.filter { $0.contains("=") && !$0.hasPrefix("=") }
            let kind = words.prefix { !$0.contains("=") }
            for series in combinations(labels[...]) {
                place += 1
                let braces = series.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
                for (index, time) in stride(from: oldest, through: newest, by: 60).enumerated() {
                    text += "\(name){\(braces)} \(value(Array(kind), series, place, index)) \(time)\n"
                }
            }
        }
        return text + "# EOF\n"
    }

    private static func combinations(_ labels: ArraySlice<String>) -> [[(String, String)]] {
        guard let first = labels.first, let sign = first.firstIndex(of: "=") else { return [[]] }
        let name = String(first[..<sign])
        let values = first[first.index(after: sign)...].split(separator: "|").map { bytes(String($0)) }
        let rest = combinations(labels.dropFirst())
        return values.flatMap { value in rest.map { (value == "-" ? [] : [(name, value)]) + $0 } }
    }

    /// `\x20` and the like as bytes, then as OpenMetrics writes them.
    private static func bytes(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let code = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func value(_ kind: [String], _ labels: [(String, String)], _ place: Int, _ index: Int) -> Double {
        let share = Double((place * 37 + 11) % 23) / 22
        let wave = Double((place * 5 + index * 7) % 11) / 10
        switch kind.first {
        case "flag": return (place * 7 + 3) % 5 < 2 || (place.isMultiple(of: 4) && index > 100) ? 1 : 0
        case "counter": return (Double(kind[1]) ?? 1) * share * Double(index * 60) + Double(index > 60 ? 0 : 5)
        case "time": return (now.timeIntervalSince1970 - share * 4000).rounded() - Double((120 - index) % 7)
        case "bucket":
            let bound = labels.last.map { $0.1 == "+Inf" ? 1 : (Double($0.1) ?? 0) } ?? 0
            return Double(index * 60) * (0.2 + bound * 0.8)
        default:
            let low = Double(kind[1]) ?? 0
            let high = Double(kind[2]) ?? 1
            return low + (high - low) * (0.8 * share + 0.2 * wave)
        }
    }
}

/// The files of `Tests/Fixtures`.
enum Fixture {
    /// The lines of a file without comments and empty ones.
    static func lines(_ name: String) throws -> [Substring] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures").appending(path: name)
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
    }
}
