// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What monitoring asks: is it alive, can it work, what does it count.
package struct HealthRoutes: Sendable {
    private let metrics: MetricsRegistry
    private let isReady: @Sendable () async -> String?

    /// - Parameter isReady: nil when ready, else one sentence why not.
    package init(metrics: MetricsRegistry, isReady: @escaping @Sendable () async -> String?) {
        self.metrics = metrics
        self.isReady = isReady
    }

    /// The routes; they need no credentials and tell nothing that is secret.
    package var routes: [Route] {
        [
            Route(.get, "/-/healthy") { _, _ in .text("ok\n") },
            Route(.get, "/-/ready") { _, _ in
                if let reason = await isReady() { return .text(status: .serviceUnavailable, reason + "\n") }
                return .text("ready\n")
            },
            Route(.get, "/metrics") { _, _ in
                HTTPServerResponse(
                    status: .ok, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"],
                    body: Array(metrics.render().utf8))
            },
        ]
    }
}
