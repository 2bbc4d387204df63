// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisClients
import JarvisCore
import JarvisEngine
import JarvisHTTP
import JarvisRuntime
import JarvisSQLite
import Logging

extension Services {
    func jobContext() -> JobContext {
        let names = rules.patterns.flatMap(\.matcher.alertnames)
        return JobContext(
            store: store, alertLog: store, restraints: store, autonomy: store, rules: rules,
            runner: hosts.runner(under: rules.policy),
            prober: prober,
            metricsSource: configuration.prometheus.map { PrometheusMetricsSource($0.prometheus(transport)) },
            metrics: RuntimeMetrics(registry: registry, knownAlertNames: Set(names)), logger: logger, now: { Date() },
            randomBytes: SecureRandom.bytes)
    }

    func router(_ access: AccessSetup, _ decisions: Decisions, _ drill: Drill?, _ address: ListeningAddress) throws
        -> Router
    {
        let gatekeeper = Gatekeeper(credentials: access.credentials)
        let intake = IntakeRoutes(
            alertLog: store, gatekeeper: gatekeeper, metrics: registry, now: { Date() },
            newID: { DeliveryID(UUIDv7(at: Date(), random: SecureRandom.bytes(10))) },
            repeatCooldown: rules.repeatCooldown,
            onOverload: { [logger] refused in
                logger.warning(
                    "deliveries were refused: too many wait for the disk", metadata: ["count": "\(refused)"])
            })
        let incidents = IncidentRoutes(store: store, gatekeeper: gatekeeper) { decision, id, planHash, person in
            try await decisions.decide(decision, on: id, planHash: planHash, by: person)
        }
        let restraint = RestraintRoutes(
            store: store, hosts: Set(rules.inventory.hosts.keys), gatekeeper: gatekeeper,
            limits: RestraintLimits(blastRadius: rules.blastRadius, breakers: rules.breakers), now: { Date() },
            onChange: { [logger] what in logger.notice("holds changed", metadata: ["hold": "\(what)"]) })
        let autonomy = AutonomyRoutes(
            store: store, configured: rules.autonomy, hosts: Set(rules.inventory.hosts.keys),
            patterns: Set(rules.patterns.map(\.id) + [rules.rulePattern]), gatekeeper: gatekeeper, now: { Date() },
            onChange: { [logger] what in logger.notice("autonomy decided", metadata: ["decision": "\(what)"]) })
        let queue = QueueRoutes(
            queue: store, gatekeeper: gatekeeper, now: { Date() },
            onChange: { [logger] what in logger.notice("queue decided", metadata: ["decision": "\(what)"]) })
        let drills = DrillRoutes(gatekeeper: gatekeeper) {
            guard let drill, let url = address.url else { throw DrillError.canary(reason: "it is not declared") }
            return try await drill.start(baseURL: url, senderToken: access.drillToken)
        }
        let health = HealthRoutes(metrics: registry, isReady: { await readiness() })
        return try Router(
            intake.routes + incidents.routes + restraint.routes + autonomy.routes + queue.routes + drills.routes
                + health.routes)
    }

    /// What this process holds itself and no output may show.
    func knownSecrets(_ access: AccessSetup) -> [String] {
        var secrets = [configuration.webhook.password, configuration.webhook.token]
        switch configuration.prometheus?.authentication {
        case .basic(_, let password): secrets.append(password)
        case .bearer(let token): secrets.append(token)
        case .some(.none), nil: break
        }
        let made = [
            OperatorToken.read(in: configuration.dataDirectory),
            OperatorToken.readWebhookPassword(in: configuration.dataDirectory), access.drillToken,
        ]
        return secrets.compactMap { $0?.reveal() } + made.compactMap(\.self)
    }

    func drill() -> Drill? {
        Drill(
            inventory: rules.inventory, runner: hosts.runner(under: rules.policy), prober: prober, store: store,
            transport: transport,
            logger: logger)
    }

    func ready(_ url: String, _ access: AccessSetup) throws -> JarvisServer.Ready {
        guard let token = OperatorToken.read(in: configuration.dataDirectory) else {
            throw ServerError.dataDirectory(configuration.dataDirectory, reason: "operator.token can't be read")
        }
        return JarvisServer.Ready(
            baseURL: url, fresh: access.fresh, client: OperatorClient(baseURL: url, token: token, transport: transport),
            externalURL: configuration.server.externalURL ?? url, dataDirectory: configuration.dataDirectory,
            webhookUsername: configuration.webhook.username)
    }

    /// What is known before anything happens: the build, and what an earlier process left open.
    func declareMetrics() async throws {
        registry.declare(.gauge, "jarvis_build_info", help: "The version that runs; always 1.", labels: ["version"])
        registry.set(1, of: "jarvis_build_info", [Version.text])
        registry.declare(
            .gauge, "jarvis_database_connected", help: "Whether the last readiness check could read the database.")
        let statistics = try await store.statistics()
        registry.set(1, of: "jarvis_database_connected")
        registry.set(Double(statistics.openIncidents), of: "jarvis_active_remediations")
    }

    func httpObserver() -> @Sendable (HTTPServerObservation) -> Void {
        registry.declare(
            .counter, "jarvis_http_requests_total", help: "Answered HTTP requests.",
            labels: ["route", "method", "status"])
        registry.declare(
            .histogram([0.005, 0.025, 0.1, 0.5, 2.5, 10]), "jarvis_http_request_duration_seconds",
            help: "Time from the last byte of a request to its answer.", labels: ["route"])
        return { [registry] seen in
            let route = seen.route ?? "none"
            registry.add(
                1, to: "jarvis_http_requests_total",
                [route, seen.method?.rawValue ?? "none", String(seen.status.rawValue)])
            registry.observe(seen.duration / .seconds(1), in: "jarvis_http_request_duration_seconds", [route])
        }
    }

    /// Ready means that a delivery would be stored now: asked of the database itself.
    private func readiness() async -> String? {
        // After a write failed somebody must try again; this is who, so that it is ready again by itself. First, because
        // a write also opens anew what the reader needs.
        if database.writer.monitor.failure != nil {
            do {
                try await store.probeWrite()
            } catch {
                registry.set(0, of: "jarvis_database_connected")
                logger.error("not ready", metadata: ["error": "\(error)"])
                return "the database can't be written: \(error)"
            }
        }
        do {
            _ = try await store.incidents(openOnly: true, limit: 1)
            registry.set(1, of: "jarvis_database_connected")
            return nil
        } catch {
            registry.set(0, of: "jarvis_database_connected")
            logger.error("not ready", metadata: ["error": "\(error)"])
            return "the database can't be read"
        }
    }
}
