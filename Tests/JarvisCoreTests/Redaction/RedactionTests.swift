// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisTestSupport
import Testing

@Suite struct `Redaction of text` {
    private let redaction = Redaction()

    @Test(arguments: [
        ("PASSWORD=hunter2 USER=bob", "PASSWORD=[redacted] USER=bob"),
        ("{\"password\": \"hunter2\", \"port\": 1}", "{\"password\": \"[redacted]\", \"port\": 1}"),
        ("postgres://app:hunter2@db:5432/x", "postgres://app:[redacted]@db:5432/x"),
        ("mysqldump -u root -phunter2 db", "mysqldump -u root -p[redacted] db"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [redacted]"),
        ("--password hunter2 --port 1", "--password [redacted] --port 1"),
        ("\"Env\": [\"TZ=UTC\", \"ADMIN=hunter2\"]", "\"Env\": [\"TZ=UTC\", \"ADMIN=[redacted]\"]"),
        ("user=bob;password=hunter2;db=x", "user=bob;password=[redacted];db=x"),
    ])
    func `leaves what stands around a secret`(text: String, redacted: String) {
        #expect(redaction.redact(text) == RedactedText(text: redacted, count: 1))
    }

    /// What probes read must arrive as it was.
    @Test(arguments: [
        #"{"status":"running","startedAt":"2026-03-01T08:00:00.123456789Z","pid":4242,"exitCode":0,"oomKilled":false,"#
            + #""health":"healthy","restartPolicy":"unless-stopped","restartCount":3}"# + "\n",
        #"{"status":"exited","startedAt":"0001-01-01T00:00:00Z","pid":0,"exitCode":137,"oomKilled":true,"#
            + #""health":null,"restartPolicy":"no","restartCount":0}"#,
        #"{"id":"3f1c9a7e5b2d4860f1e2d3c4b5a69788796a5b4c3d2e1f00ffeeddccbbaa9988","status":"running","pid":4242}"#
            + "\n",
        "LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\n"
            + "InvocationID=0123456789abcdef0123456789abcdef\n",
        "{\"running\":true,\"pid\":123,\"startedAt\":\"4711\"}\n", "{\"running\":false}\n", "",
    ])
    func `leaves the lines of probes alone`(line: String) {
        #expect(redaction.redact(line) == RedactedText(text: line, count: 0))
    }

    @Test func `knows values of this process wherever they stand`() {
        let redaction = Redaction(values: ["open sesame", "abc", "aabaab"])
        #expect(redaction.redact("xopen sesamex aabaabaab abc").text == "x[redacted]x [redacted] abc")
        #expect(redaction.redact("open sesam").count == 0)
    }

    @Test func `knows parts of such values beside a gap`() {
        let redaction = Redaction(values: ["open sesame now"])
        let gap = OutputGap.line(bytes: 70_000)
        #expect(redaction.redact("a open sesame \(gap)b").text == "a [redacted]\(gap)b")
        #expect(redaction.redact("a\(gap)sesame now b").text == "a\(gap)[redacted] b")
        #expect(redaction.redact("a open\(gap)now b").count == 0)
    }

    @Test func `reads nothing across a gap`() {
        let text = "-----BEGIN PRIVATE KEY-----\nMIIabc\n" + OutputGap.line(bytes: 9) + "all is well\n"
        #expect(redaction.redact(text).text == "[redacted]\(OutputGap.line(bytes: 9))all is well\n")
        let end = "all is well" + OutputGap.line(bytes: 9) + "MIIabc\n-----END PRIVATE KEY-----\nbye"
        let redacted = redaction.redact(end).text
        #expect(!redacted.contains("MIIabc") && redacted.hasSuffix("bye") && redacted.hasPrefix("all is well"))
    }

    @Test func `takes malformed UTF-8`() {
        let bytes: [UInt8] = [0xFF, 0xC3] + Array("\npassword=\u{FC}ber".utf8) + [0xE2, 0x82, 0x0A, 0x80]
        let redacted = redaction.redact(bytes: bytes)
        #expect(redacted.count == 1)
        #expect(redacted.text == "\u{FFFD}\u{FFFD}\npassword=[redacted]\n\u{FFFD}")
    }

    private static let pieces = [
        "password", "=", ":", " ", "\n", "\"", "\\", "'", "token", "[", "]", "{", "}", ",", "hunter2", "[redacted]",
        "--",
        "-p", "mysql ", "Env", "://", "@", "a", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
        "kind: Secret",
        "data:", "  ", "eyJhbGciOiJIUzI1NiJ9.e30.abcdefgh", "cookie", "auth", "name", "value", "<", ">", "$", "é", "\0",
        "\u{1B}[1m", "Bearer ", "A1b2C3d4E5f6G7h8I9j0K1l2M3", "\n… 7 bytes left out …\n", "api key", "Environment=",
        "&", ";",
    ]

    @Test func `of anything is itself redacted, and bounded`() {
        var random = Seeded(11)
        for _ in 0..<4_000 {
            let count = Int.random(in: 1...14, using: &random)
            let text = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &random) }.joined()
            let once = redaction.redact(text)
            #expect(redaction.redact(once.text).text == once.text, "\(text.debugDescription)")
            #expect(once.text.utf8.count <= 4 * text.utf8.count + 16, "\(text.debugDescription)")
        }
    }

    @Test func `of random bytes ends`() {
        var random = Seeded(13)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let once = redaction.redact(bytes: bytes)
            #expect(redaction.redact(once.text).text == once.text)
        }
    }

    /// The time itself is a figure of the benchmark; here a quadratic scan would take minutes.
    @Test(arguments: [
        "password=", "sid=", "cookie: ", "a://", "\"Env\":[", "mysql -p", "-----BEGIN PRIVATE KEY-----", "\"", "\\\"",
        "x@tcp(", "auth=\"", "name=", "kind: Secret\ndata:\n", "token: a ", "eyJ", "<password", "password_file=/x/",
        "\n… 1 bytes left out …\n", "open sesam",
    ])
    func `takes time in proportion to hostile input`(piece: String) {
        let text = String(repeating: piece, count: (128 << 10) / piece.utf8.count)
        let redacted = Redaction(values: ["open sesame"]).redact(text)
        #expect(redacted.text.utf8.count <= 4 * text.utf8.count)
    }
}

@Suite struct `The redactor` {
    @Test func `cleans both outputs and the reason, counts, and keeps the rest`() {
        let redactor = Redactor()
        let metrics = MetricsRegistry()
        redactor.count(in: metrics)
        redactor.learn(["this very value"])
        let receipt = Receipt(
            ending: .unknown(reason: "lost while password=hunter2"), standardOutput: "this very value",
            standardError: "token=abc", hostBeganAt: 5, seconds: 1.5)
        let expected = Receipt(
            ending: .unknown(reason: "lost while password=[redacted]"), standardOutput: "[redacted]",
            standardError: "token=[redacted]", hostBeganAt: 5, seconds: 1.5)
        #expect(redactor.redact(receipt) == expected)
        #expect(metrics.render().contains("jarvis_redactions_total 3"))
    }
}
