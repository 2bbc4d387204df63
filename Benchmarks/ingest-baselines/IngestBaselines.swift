// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Glibc
import JarvisApp
import JarvisHTTP
import Logging

/// What durable ingest is measured against; see `scripts/ingest-bench`.
///
/// `floor PORT PASSWORD`: the same HTTP server with the body read, the credentials checked, and a fixed 202.
/// `single PORT DIRECTORY`: the whole product with one commit for each write.
@main
enum IngestBaselines {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let port = Int(arguments[2]) else {
            fail("floor PORT PASSWORD | single PORT DIRECTORY")
        }
        switch arguments[1] {
        case "floor": try await floor(port, password: arguments[3])
        case "single": try await single(port, directory: arguments[3])
        default: fail("unknown baseline \(arguments[1])")
        }
    }

    private static func floor(_ port: Int, password: String) async throws {
        let gatekeeper = Gatekeeper(
            credentials: Credentials(
                senderPasswords: [.init(name: "alertmanager", digest: SHA256.digest(of: Array(password.utf8)))],
                senderTokens: [], operatorTokens: []))
        let answer = Array(#"{"accepted":1,"delivery":"00000000-0000-7000-8000-000000000000","rejected":[]}"#.utf8)
        let routes = [
            Route(.post, "/webhook") { request, _ in
                _ = try gatekeeper.admit(request, as: .sender)
                return .json(status: .accepted, answer)
            },
            Route(.get, "/-/ready") { _, _ in .text("ready\n") },
        ]
        try await HTTPServer(
            configuration: HTTPServerConfiguration(port: port), router: try Router(routes),
            logger: Logger(label: "floor")
        ).run()
    }

    private static func single(_ port: Int, directory: String) async throws {
        let environment = ProcessInfo.processInfo.environment.merging(
            ["JARVIS_SERVER_LISTEN": "127.0.0.1:\(port)", "JARVIS_DATA": directory]) { $1 }
        let settings = try OperatorSettings.load(path: nil, environment: environment)
        var logger = Logger(label: "single")
        logger.logLevel = .error
        try await JarvisServer(
            settings: settings, executable: "/bin/false", environment: environment, logger: logger, commitGroupLimit: 1
        ).run { _ in }
    }

    private static func fail(_ text: String) -> Never {
        let line = Array("ingest-baselines: \(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(2)
    }
}
