// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Testing

@Suite struct FingerprintTests {
    /// Labels posted to a real Alertmanager 0.25.0 and the fingerprints that its `/api/v2/alerts` gave for them.
    static let reported: [(String, [String: String])] = [
        ("1d46d5c45addf71f", ["alertname": "ContainerDown"]),
        (
            "983045809c6b0b70",
            ["alertname": "ContainerDown", "instance": "nexus:8080", "name": "web", "severity": "critical"]
        ),
        (
            "7d56445f3ea4ef20",
            ["alertname": "DiskFull", "instance": "10.0.0.7:9100", "job": "node", "mountpoint": "/"]
        ),
        (
            "6a0cd750620f1187",
            ["A1": "4", "B": "2", "_z": "3", "a": "1", "alertname": "Ümläut \"quoted\" \\ back\nline 日本"]
        ),
        ("4584fad5ef8b6fa4", ["alertname": "X", "emoji": "🔥"]),
        ("b6f5e7414cf1f5c8", ["alertname": "X", "empty": "kept?", "zero": "0"]),
        ("5617d4dffe7ca8e1", ["alertname": "nfc", "v": "caf\u{E9}"]),
        ("76e03c45a8c24841", ["alertname": "nfc", "v": "cafe\u{301}"]),
        // FNV-1a's offset basis: nothing hashed.
        ("cbf29ce484222325", [:]),
    ]

    @Test(arguments: reported)
    func `it is the one that Alertmanager reports`(_ expected: String, _ labels: [String: String]) {
        #expect(Fingerprint(of: LabelSet(labels)).description == expected)
    }

    @Test func `names and values can't be shifted into each other`() {
        let one = Fingerprint(of: LabelSet(["ab": "c"]))
        #expect(one != Fingerprint(of: LabelSet(["a": "bc"])))
        #expect(Fingerprint(of: LabelSet(["a": "1", "b": "2"])) != Fingerprint(of: LabelSet(["a": "2", "b": "1"])))
    }

    @Test(arguments: [
        "", "0", "1D46D5C45ADDF71F", "1d46d5c45addf71", "1d46d5c45addf71f0", "+d46d5c45addf71f", "0x46d5c45addf71f",
        "1d46d5c45addf71g", " d46d5c45addf71f", "１d46d5c45addf7",
    ])
    func `text of another form is refused`(_ text: String) {
        #expect(Fingerprint(text) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Fingerprint.self, from: JSONEncoder().encode(text))
        }
    }

    @Test(arguments: ["0000000000000000", "000000000000000f", "ffffffffffffffff", "1d46d5c45addf71f"])
    func `text of its form comes back, leading zeros too`(_ text: String) throws {
        let fingerprint = try #require(Fingerprint(text))
        #expect(fingerprint.description == text)
        #expect(try JSONDecoder().decode(Fingerprint.self, from: JSONEncoder().encode(fingerprint)) == fingerprint)
    }

    @Test func `an alert computes it and takes it from nobody`() {
        let alert = Alert(
            labels: LabelSet(["alertname": "ContainerDown"]), state: .firing, startsAt: Date(timeIntervalSince1970: 0))
        #expect(alert.fingerprint.description == "1d46d5c45addf71f")
    }
}
