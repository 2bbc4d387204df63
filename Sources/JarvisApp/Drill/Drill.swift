// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
package import JarvisClients
package import JarvisCore
package import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The fire drill: breaks the canary and reports it like any monitoring system would.
///
/// Everything after the webhook is the ordinary pipeline; the drill only watches.
package struct Drill: Sendable {
    private let host: Host
    private let service: DeclaredService
    private let probe: ServiceProbe
    private let runner: any CommandRunner
    private let prober: any ServiceProber
    private let store: any IncidentStore
    private let transport: HTTPTransport
    private let logger: Logger
    private let running = DrillSwitch()

    /// Prepares a drill; nil when the inventory has no canary.
    package init?(
        inventory: Inventory, runner: any CommandRunner, prober: any ServiceProber, store: any IncidentStore,
        transport: HTTPTransport, logger: Logger
    ) {
        guard let host = inventory.hosts[.local], let declaration = inventory.declaration(of: DrillCanary.target),
            let service = declaration.service, let probe = declaration.probes.first
        else { return nil }
        self.host = host
        self.service = service
        self.probe = probe
        self.runner = runner
        self.prober = prober
        self.store = store
        self.transport = transport
        self.logger = logger
    }

    /// Starts the canary, breaks it, posts its alert, and returns the incident that follows.
    ///
    /// - Parameters:
    ///   - baseURL: Jarvis' own address.
    ///   - senderToken: a token that may post alerts.
    package func start(baseURL: String, senderToken: String) async throws -> IncidentID {
        guard running.turnOn() else { throw DrillError.alreadyRunning }
        defer { running.turnOff() }
        // The canary of a drill that is still being worked on is not to be broken once more.
        guard try await store.openIncident(about: DrillCanary.target) == nil else { throw DrillError.alreadyRunning }
        try await raiseCanary()
        try await breakCanary()
        // In whole seconds, so that it survives being written as text and read again.
        let begin = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        let alert = Alert(labels: LabelSet(DrillCanary.labels(at: begin)), state: .firing, startsAt: begin)
        try await post(alert, to: baseURL, token: senderToken)
        return try await incident(of: alert)
    }

    /// Ends the canary after a drill.
    package func cleanUp() async {
        if let pid = await canaryPID() { _ = kill(pid, SIGTERM) }
    }

    private func raiseCanary() async throws {
        // Not `start`: a canary that an earlier server left behind listens on another port.
        let receipt = await run(.restart)
        guard receipt.ending == .exited(status: 0) else {
            throw DrillError.canary(reason: "it did not start: \(receipt.standardError.display())")
        }
        try await until("it does not answer on its port") {
            if case .good = await prober.ask(probe) { true } else { false }
        }
    }

    private func breakCanary() async throws {
        guard let pid = await canaryPID() else { throw DrillError.canary(reason: "its process can't be found") }
        guard kill(pid, SIGKILL) == 0 else { throw DrillError.canary(reason: "it could not be broken") }
        logger.notice("drill: the canary was broken", metadata: ["process.pid": "\(pid)"])
        try await until("it still runs after it was killed") { await canaryPID() == nil }
    }

    private struct Inspection: Decodable {
        let running: Bool
        let pid: Int32?
    }

    private func canaryPID() async -> Int32? {
        let receipt = await run(.inspect)
        let state = try? JSONDecoder().decode(Inspection.self, from: Data(receipt.standardOutput.verbatim.utf8))
        return state?.running == true ? state?.pid : nil
    }

    private func run(_ operation: ServiceStep.Operation) async -> Receipt {
        await runner.run(
            .service(ServiceStep(operation, service)), on: host, RunContext(fencingToken: 0, deadlineSeconds: 15))
    }

    private func post(_ alert: Alert, to baseURL: String, token: String) async throws {
        let body = try JSONEncoder().encode(AlertmanagerWebhook(alert))
        let request = OutboundRequest(
            method: .post, url: baseURL + "/webhook",
            headers: [.bearer(SecretText(token)), OutboundHeader("Content-Type", "application/json")],
            body: Array(body))
        let response = try await transport.send(request)
        guard response.status == 202 else {
            throw DrillError.canary(reason: "the webhook was answered with \(response.status)")
        }
    }

    private func incident(of alert: Alert) async throws -> IncidentID {
        var found: IncidentID?
        try await until("no incident followed", or: .noIncident) {
            guard let record = try? await store.alertRecord(of: alert.labels), record.alert.startsAt == alert.startsAt
            else { return false }
            found = record.incident
            return found != nil
        }
        guard let found else { throw DrillError.noIncident }
        return found
    }

    /// Looks ten times a second, for ten seconds.
    private func until(
        _ reason: String, or error: DrillError? = nil, _ isTrue: () async -> Bool
    ) async throws {
        for _ in 0..<100 {
            if await isTrue() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw error ?? DrillError.canary(reason: reason)
    }
}

/// Lets one drill run at a time.
private final class DrillSwitch: Sendable {
    private let isOn = Mutex(false)

    func turnOn() -> Bool {
        isOn.withLock { isOn in
            defer { isOn = true }
            return !isOn
        }
    }

    func turnOff() { isOn.withLock { $0 = false } }
}
