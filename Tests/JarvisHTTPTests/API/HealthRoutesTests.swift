// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisHTTP
import Logging
import Testing

@Suite struct `What monitoring is told` {
    private func answer(_ readiness: Readiness) async throws -> HTTPServerResponse {
        let router = try Router(HealthRoutes(metrics: MetricsRegistry(), readiness: { readiness }).routes)
        let request = HTTPServerRequest(
            method: .get, target: try RequestTarget("/-/ready"), headers: HTTPHeaderFields(), body: [],
            remoteAddress: "192.0.2.7")
        return await router.respond(to: request, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `is whether alerts are accepted, and what is wrong`() async throws {
        let ready = try await answer(.ready)
        #expect(ready.status == .ok && ready.text == "ready\n")
        let impaired = try await answer(.impaired("the database is away"))
        #expect(impaired.status == .ok && impaired.text == "ready, but the database is away\n")
        let notReady = try await answer(.notReady("the disk is full"))
        #expect(notReady.status == .serviceUnavailable && notReady.text == "the disk is full\n")
    }
}
