// SPDX-License-Identifier: Apache-2.0

import Cryptography
import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Logging

/// The routes on a store in memory, asked without a network.
struct APIFixture {
    let store = MemoryStore()
    let metrics = MetricsRegistry()
    let router: Router

    init(
        queue: (any QueueControl)? = nil,
        decide: @escaping IncidentRoutes.Decide = { _, _, _, _ in throw Refusal() },
        silence: @escaping SilenceRoutes.Record = { _, _ in throw Refusal() },
        undo: @escaping SnapshotRoutes.Undo = { _, _ in throw Refusal() },
        admission: IntakeAdmission = IntakeAdmission(), onOverload: @escaping @Sendable (Int) -> Void = { _ in },
        alertLog: (any AlertLog)? = nil
    ) throws {
        let gatekeeper = Gatekeeper(
            credentials: Credentials(
                senderPasswords: [.init(name: "alertmanager", digest: SHA256.digest(of: Array("geheim".utf8)))],
                senderTokens: [.init(name: "sender", digest: SHA256.digest(of: Array("sender-token".utf8)))],
                operatorTokens: [.init(name: "ada", digest: SHA256.digest(of: Array("operator-token".utf8)))]))
        let intake = IntakeRoutes(
            alertLog: alertLog ?? store, gatekeeper: gatekeeper, metrics: metrics,
            now: { Date(timeIntervalSince1970: 1_800_000_000) },
            newID: {
                DeliveryID(UUIDv7(at: Date(timeIntervalSince1970: 1_800_000_000), random: SecureRandom.bytes(10)))
            }, repeatCooldown: 300, admission: admission, onOverload: onOverload)
        let incidents = IncidentRoutes(
            store: store, gatekeeper: gatekeeper,
            now: { Date(timeIntervalSince1970: 1_800_000_000) }, decide: decide)
        let silences = SilenceRoutes(
            store: store, gatekeeper: gatekeeper,
            now: { Date(timeIntervalSince1970: 1_800_000_000) }, record: silence)
        let snapshots = SnapshotRoutes(
            incidents: store, snapshots: store, sealing: OpenSealing(), gatekeeper: gatekeeper,
            now: { Date(timeIntervalSince1970: 1_800_000_000) }, undo: undo)
        let restraint = RestraintRoutes(
            store: store, hosts: Set([HostName("nexus")].compactMap(\.self)), gatekeeper: gatekeeper,
            limits: RestraintLimits(blastRadius: .standard, breakers: .standard),
            now: { Date(timeIntervalSince1970: 1_800_000_000) }, onChange: { _ in })
        let queues = queue.map {
            QueueRoutes(
                queue: $0, gatekeeper: gatekeeper, now: { Date(timeIntervalSince1970: 1_800_000_000) },
                onChange: { _ in })
        }
        router = try Router(
            intake.routes + incidents.routes + silences.routes + snapshots.routes + restraint.routes
                + (queues?.routes ?? []))
    }

    struct Refusal: Error, CustomStringConvertible {
        let description = "nothing waits"
    }

    enum Who: String {
        case password = "Basic YWxlcnRtYW5hZ2VyOmdlaGVpbQ=="
        case token = "Bearer sender-token"
        case person = "Bearer operator-token"
        case wrong = "Basic YWxlcnRtYW5hZ2VyOmZhbHNjaA=="
        case garbage = "Basic ###"
        case nobody = ""
    }

    func ask(
        _ method: HTTPRequestMethod, _ target: String, as who: Who, body: String = "",
        from address: String = "192.0.2.7"
    ) async throws -> HTTPServerResponse {
        var headers = HTTPHeaderFields()
        if who != .nobody { headers.add("Authorization", who.rawValue) }
        let request = HTTPServerRequest(
            method: method, target: try RequestTarget(target), headers: headers, body: Array(body.utf8),
            remoteAddress: address)
        return await router.respond(to: request, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

extension HTTPServerResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
