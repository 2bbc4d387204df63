// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Testing

@testable import JarvisClients

struct PrometheusTextTests {
    @Test(
        arguments: [
            ("15s", 15_000), ("1m", 60_000), ("1h30m", 5_400_000), ("500ms", 500), ("1d", 86_400_000), ("0", 0),
            ("0s", 0),
            ("1y2w3d4h5m6s7ms", 33_019_506_007),
        ] as [(String, Int)])
    func `a time span is read`(text: String, milliseconds: Int) {
        #expect(PrometheusDuration.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "s", "5", "5 s", "-5s", "5s5m", "5s5s", "5x", "1.5h", "99999999999999999999s", "9999999999999y", "٥s",
    ])
    func `what is no time span is refused`(text: String) {
        #expect(PrometheusDuration.parse(text) == nil)
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-23T21:25:00Z", 1_795_469_100),
            ("2024-02-29T12:00:00+02:00", 1_709_200_800),
            ("2026-01-01T00:00:00.5Z", 1_767_225_600.5),
            ("2026-01-01T00:00:00.123456789-01:30", 1_767_231_000.123456789),
        ] as [(String, Double)])
    func `an instant is read`(text: String, seconds: Double) throws {
        let date = try #require(InternetTimestamp.parse(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_01)
    }

    @Test(arguments: [
        "", "0001-01-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T25:00:00Z", "+026-01-01T00:00:00Z", "2026-01-01T00:00:00Zx",
    ])
    func `what is no instant is none`(text: String) {
        #expect(InternetTimestamp.parse(text) == nil)
    }

    @Test func `instants are sent as unix seconds`() throws {
        let date = try #require(InternetTimestamp.parse("2026-01-01T00:00:00.007Z"))
        #expect(InternetTimestamp.unixSeconds(date) == "1767225600.007")
    }

    @Test func `the global section is read and nothing else`() throws {
        let yaml = """
            global:
              scrape_interval: 15s
              scrape_timeout: 10s
              evaluation_interval: 1m
              external_labels:
                cluster: home
                "on": 'it''s'
              query_log_file: /tmp/x
            scrape_configs:
            - job_name: x
              scrape_interval: 7s
            """
        let settings = try PrometheusConfigurationText.settings(yaml)
        #expect(settings.scrapeInterval == .seconds(15))
        #expect(settings.evaluationInterval == .seconds(60))
        #expect(settings.externalLabels == ["cluster": "home", "on": "it's"])
    }

    @Test(arguments: [
        "", "global:\n", "global:\n  scrape_interval: 15s\n",
        "global:\n  scrape_interval: x\n  evaluation_interval: 1s\n",
        "global:\n  scrape_interval: 1s\n  evaluation_interval: 1s\n  external_labels:\n    a: \"b\\n\"\n",
        "global:\n  scrape_interval: 1s\n  evaluation_interval: 1s\n  external_labels:\n    a: |\n      b\n",
    ])
    func `a configuration in another form is refused`(yaml: String) {
        #expect(throws: PrometheusError.self) { try PrometheusConfigurationText.settings(yaml) }
    }

    @Test func `forms are encoded byte by byte`() {
        #expect(FormEncoding.encode([("q", "a b&c=ä+%")]) == "q=a%20b%26c%3D%C3%A4%2B%25")
    }
}
