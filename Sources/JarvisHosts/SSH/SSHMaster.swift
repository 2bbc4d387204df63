// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import Glibc
import JarvisCore
import Logging
import Synchronization

/// The one connection to one host: a multiplexing `ssh` client that Jarvis starts, watches and ends.
///
/// Runs share it as sessions. It is started by the first run that needs it and again after a loss.
final class SSHMaster: Sendable {
    let host: HostName
    let endpoint: SSHEndpoint
    let slots: SessionSlots

    private struct State {
        var line: SSHLineState
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Result<SSHLine, SessionRefusal>, Never>] = [:]
        /// Ends the serving of the current generation.
        var stop: (generation: Int, continuation: AsyncStream<Never>.Continuation)?

        mutating func takeWaiters() -> [CheckedContinuation<Result<SSHLine, SessionRefusal>, Never>] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }

    private let settings: SSHSettings
    private let logger: Logger
    private let request: @Sendable (SSHMaster, Int) -> Void
    private let state: Mutex<State>

    /// `request` hands an attempt of a generation to whoever runs the masters, who then calls `serve`.
    init(
        host: HostName, endpoint: SSHEndpoint, settings: SSHSettings, logger: Logger,
        request: @escaping @Sendable (SSHMaster, Int) -> Void
    ) {
        self.host = host
        self.endpoint = endpoint
        self.settings = settings
        self.logger = logger
        self.request = request
        slots = SessionSlots(count: endpoint.maximumSessions)
        state = Mutex(
            State(line: SSHLineState(firstBackoff: settings.firstBackoff, longestBackoff: settings.longestBackoff)))
    }

    // MARK: Using it

    /// The open connection when there is one that nothing speaks against.
    func openLine() -> SSHLine? {
        guard case .use(let line) = state.withLock({ $0.line.wantedWithoutStarting(now: .now) }) else { return nil }
        return line
    }

    /// The open connection, started when there is none; throws when there can't be one now.
    func line() async throws(SessionRefusal) -> SSHLine {
        while true {
            switch state.withLock({ $0.line.wanted(now: .now) }) {
            case .use(let line): return line
            case .refuse(let reason): throw SessionRefusal(reason: "\(host) can't be reached: \(reason)")
            case .wait: return try await nextLine().get()
            case .start(let generation):
                request(self, generation)
                return try await nextLine().get()
            case .check(let line): await check(line)
            }
        }
    }

    /// A run on this connection ended without the host's word; the next one asks the master first.
    func suspect(_ line: SSHLine) {
        state.withLock { $0.line.suspected(generation: line.generation) }
    }

    /// No run starts after this, and those that wait are refused.
    func shutDown() {
        let waiters = state.withLock { state in
            state.line.shutDown()
            state.stop?.continuation.finish()
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume(returning: .failure(SessionRefusal(reason: "Jarvis is shutting down"))) }
    }

    private func nextLine() async -> Result<SSHLine, SessionRefusal> {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Result<SSHLine, SessionRefusal>? = state.withLock { state in
                    if Task.isCancelled { return .failure(.notInTime(host)) }
                    // The attempt may have ended since; what it left decides, and nothing else starts here.
                    switch state.line.wantedWithoutStarting(now: .now) {
                    case .use(let line), .check(let line): return .success(line)
                    case .refuse(let reason):
                        return .failure(SessionRefusal(reason: "\(host) can't be reached: \(reason)"))
                    case .start: return .failure(SessionRefusal(reason: "the connection to \(host) was lost at once"))
                    case .wait:
                        state.waiters[id] = continuation
                        return nil
                    }
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(returning: .failure(.notInTime(host)))
        }
    }

    private func check(_ line: SSHLine) async {
        let client = SSHClient(settings: settings, endpoint: endpoint, names: line.names)
        if await client.control("check") {
            state.withLock { $0.line.trusted(generation: line.generation) }
        } else {
            lost(line.generation, reason: "the connection's master does not answer")
            // Another check may have ended it already, and a newer connection be open.
            let stop = state.withLock { $0.stop }
            if let stop, stop.generation == line.generation { stop.continuation.finish() }
        }
    }

    // MARK: Running it

    /// Connects and stays until the connection is lost, stopped or the task is cancelled; leaves nothing behind.
    func serve(generation: Int) async {
        FaultPoint.passes("ssh.connect.before")
        let names = SSHFileNames(newIn: settings.runtimeDirectory)
        do {
            let login = settings.enrolledKeys?.applied(to: endpoint, of: host) ?? endpoint
            let configuration = try SSHConfiguration(host: host, endpoint: login, settings: settings)
            try replaceFile(names.configuration, with: configuration.text)
        } catch {
            return lost(generation, reason: "\(error)")
        }
        let (stop, stopping) = AsyncStream.makeStream(of: Never.self)
        let isWanted = state.withLock { state in
            state.stop = (generation, stopping)
            return !state.line.isEnded
        }
        // Shut down before it was begun, when nobody could be told to stop yet.
        guard isWanted else { return names.remove() }
        let client = SSHClient(settings: settings, endpoint: endpoint, names: names)
        await withTaskGroup(of: Event.self) { group in
            group.addTask { .ended(await client.master()) }
            group.addTask { [settings] in await Self.appears(names.socket, within: settings.startLimit) ? .open : .late
            }
            group.addTask {
                for await _ in stop {}
                return .stopped
            }
            for await event in group {
                switch event {
                case .open:
                    FaultPoint.passes("ssh.connect.after")
                    opened(generation, names)
                case .late: lost(generation, reason: SSHFailure.timedOut.description)
                case .stopped: break
                case .ended(let reason): lost(generation, reason: reason)
                }
                if event != .open { group.cancelAll() }
            }
        }
        names.remove()
    }

    private enum Event: Equatable { case open, late, stopped, ended(String) }

    /// The client makes its socket after the login, and at its final name only when it listens there.
    private static func appears(_ socket: String, within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        while access(socket, F_OK) != 0 {
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(5))) != nil else { return false }
        }
        return true
    }

    private func opened(_ generation: Int, _ names: SSHFileNames) {
        let waiters = state.withLock { state in
            state.line.opened(generation: generation, names: names) ? state.takeWaiters() : []
        }
        logger.debug("ssh connection opened", metadata: ["host.name": "\(host)"])
        for waiter in waiters {
            waiter.resume(returning: .success(SSHLine(generation: generation, names: names)))
        }
    }

    private func lost(_ generation: Int, reason: String) {
        let waiters = state.withLock { state -> [CheckedContinuation<Result<SSHLine, SessionRefusal>, Never>]? in
            guard state.line.ended(generation: generation, reason: reason, now: .now) else { return nil }
            return state.takeWaiters()
        }
        guard let waiters else { return }
        logger.debug("ssh connection ended", metadata: ["host.name": "\(host)", "reason": "\(reason)"])
        let refusal = SessionRefusal(reason: "\(host) can't be reached: \(reason)")
        for waiter in waiters { waiter.resume(returning: .failure(refusal)) }
    }
}

/// Why a run got no session; then nothing was sent.
struct SessionRefusal: Error, Equatable {
    let reason: String

    static func notInTime(_ host: HostName) -> SessionRefusal {
        SessionRefusal(reason: "no session on \(host) became free, or it did not answer, in the time there was")
    }
}
