// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisClients
import JarvisCore
import JarvisEngine
import JarvisHTTP
import JarvisPostgres
import JarvisRuntime
import JarvisStore
import Logging

extension Services {
    func rules(_ settings: OperatorSettings) throws(ServerError) -> EngineRules {
        try RulesBuilder.rules(settings, executable: executable, canaryPort: canaryPort)
    }

    /// What works by these settings, beside the routes that are the same for all.
    func wiring(
        _ settings: OperatorSettings, _ access: AccessSetup, _ gatekeeper: Gatekeeper, _ routes: [Route]
    ) throws -> Wiring {
        let rules = try rules(settings)
        let dispatcher = JobDispatcher(context: jobContext(rules, settings.configuration))
        let router = try Router(routes + self.routes(gatekeeper, dispatcher.decisions, rules))
        // Those of the start as well: what began under it ends under it.
        hosts.redactor.learn(
            knownSecrets(access, settings.configuration) + knownSecrets(access, self.settings.configuration))
        return Wiring(settings: settings, rules: rules, dispatcher: dispatcher, router: router)
    }

    private func jobContext(_ rules: EngineRules, _ configuration: Configuration) -> JobContext {
        let names = rules.patterns.flatMap(\.matcher.alertnames)
        return JobContext(
            store: store, alertLog: store, restraints: store, autonomy: store, rules: rules,
            runner: hosts.runner(under: rules.policy),
            prober: prober,
            metricsSource: configuration.prometheus.map { PrometheusMetricsSource($0.prometheus(transport)) },
            alerting: configuration.alertmanager.map { $0.alertmanager(transport) },
            snapshots: store, sealing: snapshotKey,
            metrics: RuntimeMetrics(registry: registry, knownAlertNames: Set(names)), logger: logger, now: { Date() },
            randomBytes: SecureRandom.bytes)
    }

    /// The routes that know no rules.
    func fixedRoutes(
        _ access: AccessSetup, _ gatekeeper: Gatekeeper, _ drill: Drill?, _ address: ListeningAddress
    ) -> [Route] {
        let intake = IntakeRoutes(
            alertLog: spool?.alertLog ?? store, gatekeeper: gatekeeper, metrics: registry, now: { Date() },
            newID: { DeliveryID(UUIDv7(at: Date(), random: SecureRandom.bytes(10))) },
            // What another instance was told in between is not known here, so only copies that come together are one.
            repeatCooldown: min(
                configuration.timing.alertRepeatCooldown / .seconds(1), spool == nil ? .infinity : 1),
            onOverload: { [logger] refused in
                logger.warning(
                    "deliveries were refused: too many wait for the disk", metadata: ["count": "\(refused)"])
            })
        let queue = QueueRoutes(
            queue: store, gatekeeper: gatekeeper, now: { Date() },
            onChange: { [logger] what in logger.notice("queue decided", metadata: ["decision": "\(what)"]) })
        let drills = DrillRoutes(gatekeeper: gatekeeper) {
            guard let drill, let url = address.url else {
                throw DrillError.canary(reason: "instances that share a database have no machine for it in common")
            }
            return try await drill.start(baseURL: url, senderToken: access.drillToken)
        }
        let health = HealthRoutes(metrics: registry, readiness: { await readiness() })
        return intake.routes + queue.routes + drills.routes + health.routes
    }

    /// The routes that know hosts, patterns and limits.
    private func routes(_ gatekeeper: Gatekeeper, _ decisions: Decisions, _ rules: EngineRules) -> [Route] {
        let incidents = IncidentRoutes(store: store, gatekeeper: gatekeeper, now: { Date() }) {
            decision, id, planHash, person in
            try await decisions.decide(decision, on: id, planHash: planHash, by: person)
        }
        let snapshots = SnapshotRoutes(
            incidents: store, snapshots: store, sealing: snapshotKey, gatekeeper: gatekeeper, now: { Date() }
        ) { id, person in try await decisions.undo(id, by: person) }
        let silences = SilenceRoutes(store: store, gatekeeper: gatekeeper, now: { Date() }) { wish, id in
            try await decisions.silence(wish, on: id)
        }
        let restraint = RestraintRoutes(
            store: store, hosts: Set(rules.inventory.hosts.keys), gatekeeper: gatekeeper,
            limits: RestraintLimits(blastRadius: rules.blastRadius, breakers: rules.breakers), now: { Date() },
            onChange: { [logger] what in logger.notice("holds changed", metadata: ["hold": "\(what)"]) })
        let autonomy = AutonomyRoutes(
            store: store, configured: rules.autonomy, hosts: Set(rules.inventory.hosts.keys),
            patterns: Set(rules.patterns.map(\.id) + [rules.rulePattern]), gatekeeper: gatekeeper, now: { Date() },
            onChange: { [logger] what in logger.notice("autonomy decided", metadata: ["decision": "\(what)"]) })
        return incidents.routes + snapshots.routes + silences.routes + restraint.routes + autonomy.routes
    }

    /// What this process holds itself and no output may show.
    private func knownSecrets(_ access: AccessSetup, _ configuration: Configuration) -> [String] {
        var secrets = [configuration.webhook.password, configuration.webhook.token]
        secrets += [configuration.prometheus?.secret, configuration.alertmanager?.secret]
        if let url = configuration.databaseURL.map({ $0.reveal() }) {
            secrets.append(Secret(url))
            if let password = PostgresSettings.password(in: url) { secrets.append(Secret(password)) }
        }
        let made = [
            OperatorToken.read(in: configuration.dataDirectory),
            OperatorToken.readWebhookPassword(in: configuration.dataDirectory), access.drillToken,
        ]
        return secrets.compactMap { $0?.reveal() } + made.compactMap(\.self)
    }

    /// Nil where instances share a database: the canary's machine might not be that of whoever would repair it.
    func drill(_ rules: EngineRules) -> Drill? {
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
            .gauge, "jarvis_database_connected", help: "Whether the database answered in time when it was asked last.")
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

    /// Ready means that a delivery would be stored now: asked of the database itself, or kept until it is back.
    func readiness() async -> Readiness {
        guard let spool else {
            let fault = await databaseFault()
            registry.set(fault == nil ? 1 : 0, of: "jarvis_database_connected")
            return fault.map { .notReady($0) } ?? .ready
        }
        // Whoever watches this instance takes no answer for the worst one; started anew it would do nothing at all
        // before the database is back.
        let fault: String?
        if !patience.isExhausted, let answer = await patience.wait(for: { await databaseFault() }) {
            fault = answer
        } else {
            fault = "the database has not answered within \(patience.limit)"
        }
        registry.set(fault == nil ? 1 : 0, of: "jarvis_database_connected")
        guard let fault else { return .ready }
        if spool.hasRoom {
            let note = notice.text.map { "; \($0)" } ?? ""
            return .impaired("\(fault): deliveries are kept on this disk\(note)")
        }
        logger.error("not ready", metadata: ["error": "\(fault), and the spool is full"])
        return .notReady("\(fault), and the spool is full")
    }

    /// Why nothing can be stored in the database now.
    private func databaseFault() async -> String? {
        // After a write failed somebody must try again; this is who, so that it is ready again by itself. First, because
        // a write also opens anew what the reader needs.
        if storage.monitor.failure != nil {
            do {
                try await store.probeWrite()
            } catch {
                return unready(error, "the database can't be written: \(error)")
            }
        }
        do {
            _ = try await store.incidents(openOnly: true, limit: 1)
            return nil
        } catch {
            return unready(error, "the database can't be read")
        }
    }

    private func unready(_ error: any Error, _ sentence: String) -> String {
        // With a spool nothing is refused yet.
        logger.log(level: spool == nil ? .error : .debug, "not ready", metadata: ["error": "\(error)"])
        return spool == nil ? sentence : "the database is away"
    }
}
