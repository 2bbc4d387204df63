// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisApp
import JarvisClients
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Testing

/// Jarvis as an operator runs it: the program, a configuration, a data directory, and a service of the operator's own.
final class Installation: Sendable {
    let folder: Folder
    let port: Int
    let servicePort: Int
    private let transport = HTTPTransport()

    /// - Parameters:
    ///   - prometheus: the port of a Prometheus to ask; nil: none.
    ///   - alertmanager: the port of an Alertmanager to ask for silences; nil: none.
    ///   - level: what may happen without a person.
    init(prometheus: Int? = nil, alertmanager: Int? = nil, level: String = "auto") throws {
        folder = try Folder()
        port = try FreePort.pick()
        servicePort = try FreePort.pick()
        try folder.write(
            """
            import http.server, sys
            class Answer(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    body = b"app_requests_total 1\\n"
                    self.send_response(200)
                    self.send_header("Content-Type", "text/plain; version=0.0.4")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *arguments): pass
            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
            """, to: "app.py")
        try folder.write("password-of-the-test", to: "webhook-password")
        chmod("\(folder.path)/webhook-password", 0o600)
        try folder.write(
            """
            data: ./data
            server: {listen: "127.0.0.1:\(port)"}
            webhook: {username: alertmanager, password: {file: ./webhook-password}}
            \(prometheus.map { "prometheus: {url: \"http://127.0.0.1:\($0)\"}" } ?? "")
            \(alertmanager.map { "alertmanager: {url: \"http://127.0.0.1:\($0)\", timeout: 1s}" } ?? "")
            hosts:
              - name: local
                connection: local
                services:
                  - name: app
                    argv: [\(Program.path(of: "python3") ?? "/usr/bin/python3"), \(folder.path)/app.py, "\(servicePort)"]
                    probes: [{http: "http://127.0.0.1:\(servicePort)/metrics", contains: app_requests_total}]
            autonomy:
              rules: [{level: \(level), class: bounded}]
            """, to: "jarvis.yaml")
    }

    /// Runs `body` while the server runs, then ends it.
    func serving<Value>(
        environment: [String: String] = [:], _ body: (Program) async throws -> Value
    ) async throws -> Value {
        let server = try Program(Program.jarvis, ["serve"], in: folder.path, environment: environment)
        defer { server.end(SIGKILL) }
        try await eventually("the server is ready: \(server.text)") {
            (try? await get("/-/ready").status) == 200
        }
        return try await body(server)
    }

    /// Runs a line of shell in the folder, where `jarvis ` is the program; what it printed, and its exit code.
    func run(_ command: String) async throws -> (text: String, status: Int) {
        let script = command.replacing("jarvis ", with: "\(Program.jarvis) ")
        let shell = try Program("sh", ["-c", "\(script); echo status=$?"], in: folder.path)
        try await eventually("\(command) ends: \(shell.text)") { !shell.isRunning }
        let lines = shell.text.split(separator: "\n")
        let status = lines.last.flatMap { $0.hasPrefix("status=") ? Int($0.dropFirst(7)) : nil }
        return (lines.dropLast().joined(separator: "\n"), try #require(status, "\(shell.text)"))
    }

    func get(_ path: String) async throws -> OutboundResponse {
        try await transport.send(OutboundRequest(url: "http://127.0.0.1:\(port)\(path)"))
    }

    var client: OperatorClient {
        OperatorClient(
            baseURL: "http://127.0.0.1:\(port)", token: OperatorToken.read(in: folder.path + "/data") ?? "",
            transport: transport)
    }

    /// Posts an alert about the service, as Alertmanager does.
    func post(status: String = "firing") async throws -> Int {
        let body = """
            {"version":"4","alerts":[{"status":"\(status)","startsAt":"2026-01-01T00:00:00Z","labels":\
            {"alertname":"ServiceDown","service":"app","remediation_host":"local","severity":"critical"}}]}
            """
        return try await transport.send(
            OutboundRequest(
                method: .post, url: "http://127.0.0.1:\(port)/webhook",
                headers: [.basic(user: "alertmanager", password: SecretText("password-of-the-test"))],
                body: Array(body.utf8))
        ).status
    }

    /// The service's process as Jarvis noted it.
    var servicePID: Int32? {
        let text = try? String(contentsOfFile: folder.path + "/data/services/app.pid", encoding: .utf8)
        return text?.split { !$0.isNumber }.first.flatMap { Int32($0) }
    }

    func endService() {
        if let pid = servicePID { kill(pid, SIGKILL) }
    }

    /// The incident when it has ended.
    func closed(within limit: Duration = .seconds(60)) async throws -> IncidentView {
        try await eventually("the incident ends", within: limit) {
            try await client.incidents(openOnly: false, limit: 5).first?.closing != nil
        }
        return try #require(try await client.incidents(openOnly: false, limit: 5).first)
    }
}

/// Waits until something is so, and says so when it is not within the limit.
func eventually(
    _ fact: @autoclosure () -> String, within limit: Duration = .seconds(30), _ isSo: () async throws -> Bool
) async throws {
    struct NotInTime: Error { let fact: String }
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(50))
    }
    throw NotInTime(fact: fact())
}
