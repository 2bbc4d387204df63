// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisApp
import Testing

@Suite struct `A secret` {
    private static let value = "hunter2hunter2"

    @Test func `never shows itself`() {
        let secret = Secret(Self.value)
        var dumped = ""
        dump(secret, to: &dumped)
        var configuration = Configuration()
        configuration.webhook.password = secret
        var whole = ""
        dump(configuration, to: &whole)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\(configuration)", whole] {
            #expect(!text.contains(Self.value))
        }
        #expect("\(secret)" == "<secret>")
        #expect(secret.reveal() == Self.value)
    }

    @Test func `comes from a file without its line end, from the environment, or directly with a note`() {
        let files = ["/run/a": Self.value + "\n", "/run/b": "two\r\n"]
        let report = read(
            """
            webhook: {password: {file: /run/a}, token: {file: /run/b}}
            prometheus: {url: http://p, token: direct}
            """, files: files)
        #expect(report.faults.map(\.description) == [])
        #expect(report.configuration?.webhook.password == Secret(Self.value))
        #expect(report.configuration?.webhook.token == Secret("two"))
        #expect(report.configuration?.prometheus?.authentication == .bearer(Secret("direct")))
        let basic = read(
            "prometheus: {url: http://p, username: u, password: {env: TOKEN}}", files: [:], environment: ["TOKEN": "t0"]
        )
        #expect(basic.configuration?.prometheus?.authentication == .basic(username: "u", password: Secret("t0")))
        #expect(
            report.notes.map(\.description) == [
                "jarvis.yaml:2:36: prometheus.token: a secret written in the configuration; {file: path} or {env: NAME}"
                    + " keep it out"
            ])
    }

    @Test func `in a file that others may read is noted`() {
        let report = read("webhook: {token: {file: /run/a}}", files: ["/run/a": "x"], permissions: 0o644)
        #expect(report.configuration?.webhook.token == Secret("x"))
        #expect(
            report.notes.map(\.description) == [
                "jarvis.yaml:1:25: webhook.token.file: others than the owner may read /run/a (mode 644)"
            ])
    }

    @Test func `file can be named by the environment`() {
        let report = read("", files: ["/run/a": "x"], environment: ["JARVIS_WEBHOOK_TOKEN_FILE": "/run/a"])
        #expect(report.configuration?.webhook.token == Secret("x"))
        let missing = read("", files: [:], environment: ["JARVIS_WEBHOOK_TOKEN_FILE": "/run/a"])
        #expect(
            missing.faults.map(\.description) == [
                "environment variable JARVIS_WEBHOOK_TOKEN_FILE: webhook.token.file: /run/a: there is no such file"
            ])
    }

    @Test(arguments: [
        ("{file: /run/a, env: B}", "1:18: webhook.token: give exactly one of 'file' and 'env'"),
        ("{}", "1:18: webhook.token: give exactly one of 'file' and 'env'"),
        ("{file: /none}", "1:25: webhook.token.file: /none: there is no such file"),
        ("{env: NONE}", "1:24: webhook.token.env: the variable NONE is not set"),
        ("{fil: /run/a}", "1:19: unknown key 'fil' in webhook.token; did you mean 'file'?"),
        ("4711", "1:18: webhook.token: expected {file: path}, {env: NAME} or quoted text, found a number"),
        ("\"\"", "1:18: webhook.token: the secret is empty"),
        ("\"hunter2\\nx\"", "1:18: webhook.token: the secret must be one line without control characters"),
        ("{file: /run/empty}", "1:25: webhook.token.file: the secret is empty"),
    ])
    func `that can't be had is a fault without its value`(token: String, fault: String) {
        let report = read("webhook: {token: \(token)}", files: ["/run/a": "x", "/run/empty": "\n"])
        #expect(report.faults.map(\.description).contains("jarvis.yaml:\(fault)"), "\(report.faults)")
        #expect(!"\(report.faults) \(report.notes)".contains("4711"))
        #expect(!"\(report.faults) \(report.notes)".contains("hunter2"))
    }

    @Test func `file must be regular, readable and small`() throws {
        #expect(throws: BoundedFile.ReadError.missing) { try BoundedFile.read("/nonexistent", limit: 10) }
        #expect(throws: BoundedFile.ReadError.notRegular) { try BoundedFile.read("/dev/zero", limit: 10) }
        #expect(throws: BoundedFile.ReadError.notRegular) { try BoundedFile.read("/", limit: 10) }
        let directory = try TemporaryDirectory()
        try directory.write("12345678901", to: "long", permissions: 0o640)
        #expect(throws: BoundedFile.ReadError.tooLarge(limit: 10)) {
            try BoundedFile.read("\(directory.path)/long", limit: 10)
        }
        let file = try BoundedFile.read("\(directory.path)/long", limit: 11)
        #expect(file == BoundedFile(bytes: Array("12345678901".utf8), permissions: 0o640))
        #expect(file.isReadableByOthers)
        #expect(mkfifo("\(directory.path)/pipe", 0o600) == 0)
        #expect(throws: BoundedFile.ReadError.notRegular) {
            try BoundedFile.read("\(directory.path)/pipe", limit: 10)
        }
    }

    private func read(
        _ text: String, files: [String: String], permissions: UInt32 = 0o600, environment: [String: String] = [:]
    ) -> ConfigurationReport {
        let reader = ConfigurationReader(environment: environment) { (path, _) throws(BoundedFile.ReadError) in
            guard let text = files[path] else { throw .missing }
            return BoundedFile(bytes: Array(text.utf8), permissions: permissions)
        }
        return reader.read(Array(text.utf8))
    }
}
