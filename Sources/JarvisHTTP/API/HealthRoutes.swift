// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What monitoring asks: is it alive, can it work, what does it count.
package struct HealthRoutes: Sendable {
    private let metrics: MetricsRegistry
    private let readiness: @Sendable () async -> Readiness

    /// - Parameter readiness: asked by each request.
    package init(metrics: MetricsRegistry, readiness: @escaping @Sendable () async -> Readiness) {
        self.metrics = metrics
        self.readiness = readiness
    }

    /// The routes; they need no credentials and tell nothing that is secret.
    package var routes: [Route] {
        [
            Route(.get, "/-/healthy") { _, _ in .text("ok\n") },
            Route(.get, "/-/ready") { _, _ in
                switch await readiness() {
                case .ready: .text("ready\n")
                case .impaired(let what): .text("ready, but \(what)\n")
                case .notReady(let reason): .text(status: .serviceUnavailable, reason + "\n")
                }
            },
            Route(.get, "/metrics") { _, _ in
                HTTPServerResponse(
                    status: .ok, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"],
                    body: Array(metrics.render().utf8))
            },
        ]
    }
}
