// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@Suite struct RFC3339Tests {
    /// Seconds by GNU `date -u -d … +%s`.
    static let known: [(String, Double)] = [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("2000-02-29T12:00:00Z", 951_825_600), ("1900-02-28T23:59:59Z", -2_203_891_201),
        ("2024-02-29T23:59:59Z", 1_709_251_199), ("2026-11-23T22:07:33Z", 1_795_471_653),
        ("2026-11-23T22:07:33+00:00", 1_795_471_653), ("2026-11-23T22:07:33-00:00", 1_795_471_653),
        ("2026-11-23T23:37:33+01:30", 1_795_471_653), ("2026-11-23T14:07:33-08:00", 1_795_471_653),
        ("2026-11-24T22:06:33+23:59", 1_795_471_653), ("2026-11-23t22:07:33z", 1_795_471_653),
        ("2026-11-23T22:07:33.5Z", 1_795_471_653.5), ("2026-11-23T22:07:33.000001Z", 1_795_471_653.000001),
        ("2026-11-23T22:07:33.123456789Z", 1_795_471_653.123456),
        ("2026-11-23T22:07:33.999999999+00:00", 1_795_471_653.999999),
        ("2016-12-31T23:59:60Z", 1_483_228_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ]

    @Test(arguments: known)
    func `a timestamp is read`(_ text: String, _ seconds: Double) throws {
        let date = try #require(RFC3339.parse(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_000_9)
    }

    @Test(arguments: [
        "", "now", "2026-11-23", "2026-11-23T22:07:33", "2026-11-23 22:07:33Z", "2026-11-23T22:07Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T22:60:00Z", "2026-11-23T22:07:61Z", "2026-11-23T22:07:33.Z",
        "2026-11-23T22:07:33,5Z", "2026-11-23T22:07:33.5", "2026-11-23T22:07:33+01", "2026-11-23T22:07:33+0100",
        "2026-11-23T22:07:33+24:00", "2026-11-23T22:07:33+01:60", "2026-11-23T22:07:33+01:00Z", "2026-11-23T22:07:33ZZ",
        "2026-11-23T22:07:33Z ", " 2026-11-23T22:07:33Z", "2026-11-23T22:07:33\u{0}Z", "+026-11-23T22:07:33Z",
        "-026-11-23T22:07:33Z", "２026-11-23T22:07:33Z",
        "2026-11-23T22:07:33.12345678901234567890123456789012345678901234567Z",
        "2026/11/23T22:07:33Z", "2026-11-23T22-07-33Z", "1e10-11-23T22:07:33Z",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test func `what is written is read back to the microsecond`() throws {
        var random = Seeded(1)
        for _ in 0..<20_000 {
            let micros = Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
            let date = Date(timeIntervalSince1970: Double(micros) / 1_000_000)
            let text = RFC3339.format(date)
            let again = try #require(RFC3339.parse(text), "\(text)")
            // Far from now a Date itself is coarser than a microsecond.
            #expect(abs(again.timeIntervalSince(date)) < 0.000_04, "\(text)")
        }
        for micros in 0..<1_000 as Range<Int64> {
            let text = RFC3339.format(Date(timeIntervalSince1970: 1_795_471_653 + Double(micros * 997) / 1_000_000))
            #expect(RFC3339.parse(text).map(RFC3339.format) == text)
        }
    }

    @Test func `every day of four centuries is its own`() throws {
        for day in 0..<146_097 {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let text = RFC3339.format(date)
            #expect(RFC3339.parse(text) == date, "\(text)")
        }
        #expect(RFC3339.format(Date(timeIntervalSince1970: 146_096 * 86_400)) == "2369-12-31T00:00:00.000000Z")
    }

    @Test func `a moment before the epoch is written without a carry`() {
        #expect(RFC3339.format(Date(timeIntervalSince1970: -0.000001)) == "1969-12-31T23:59:59.999999Z")
        #expect(RFC3339.format(Date(timeIntervalSince1970: 0.9999999)) == "1970-01-01T00:00:01.000000Z")
    }
}
