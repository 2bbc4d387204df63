// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
package import Logging

/// The harmless program that a fire drill breaks: answers every GET with the nonce it was asked with.
package struct Canary: Sendable {
    private let port: Int
    private let logger: Logger

    /// A canary for this port of the loopback interface.
    package init(port: Int, logger: Logger) {
        self.port = port
        self.logger = logger
    }

    /// Serves until the task is cancelled or the process is ended.
    package func run() async throws {
        let answer = Route(.get, "/") { request, _ in
            .text("canary \(request.query("nonce") ?? "")\n")
        }
        let configuration = HTTPServerConfiguration(host: "127.0.0.1", port: port)
        try await HTTPServer(configuration: configuration, router: try Router([answer]), logger: logger).run()
    }
}
