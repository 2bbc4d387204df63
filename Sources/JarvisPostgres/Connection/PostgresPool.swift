// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
package import JarvisStore
import Synchronization

/// A few connections that many share, first come first served.
///
/// When the server is away, calls fail at once until the pause after the last try is over; nobody waits for a server
/// that nobody has reached. Calls go on when the calling task is cancelled, so that results can be recorded during a
/// shutdown.
package final class PostgresPool: Sendable {
    private enum Turn {
        case session(Int)
        case refused(StoreError)
    }

    private struct State {
        var idle: [Int]
        var isConnected: [Bool]
        var waiters: [CheckedContinuation<Turn, Never>] = []
        var failures = 0
        var lastError: StoreError?
        var nextTry = ContinuousClock.now
        var isClosed = false
    }

    /// What becomes of its transactions.
    package let monitor = CommitMonitor()

    private static let longestPause = Duration.seconds(5)

    private let sessions: [PostgresSession]
    private let random: @Sendable () -> Double
    private let state: Mutex<State>

    /// Prepares a pool; the first call connects.
    init(_ settings: PostgresSettings, random: @escaping @Sendable () -> Double) {
        sessions = (0..<settings.connections).map { _ in PostgresSession(settings) }
        self.random = random
        state = Mutex(
            State(
                idle: Array(sessions.indices), isConnected: Array(repeating: false, count: sessions.count)))
    }

    /// Connections that stand now, as far as anybody has noticed.
    package var connected: Int { state.withLock { $0.isConnected.count { $0 } } }

    /// Calls that wait for a connection now.
    package var waiting: Int { state.withLock { $0.waiters.count } }

    /// Runs `body` on some connection; each group of its statements is a transaction of its own.
    package func statements<Success: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws(StoreError) -> Success
    ) async throws(StoreError) -> Success {
        try await use { session in await session.statements(body) }
    }

    /// Runs `body` inside a transaction; durable when it returns.
    ///
    /// When it throws, nothing of it is kept. It may be run again where it lost against another transaction, so it
    /// must do nothing but use the connection.
    ///
    /// - Parameter writes: how many writes share it, for the monitor.
    package func transaction<Success: Sendable>(
        writes: Int = 1, _ body: @escaping @Sendable (PostgresConnection) throws(StoreError) -> Success
    ) async throws(StoreError) -> Success {
        let begin = ContinuousClock.now
        func report(_ failure: StoreError?) {
            monitor.report(.init(writes: writes, duration: begin.duration(to: .now), failure: failure))
        }
        do throws(StoreError) {
            let success = try await use { session in await session.transaction(body) }
            report(nil)
            return success
        } catch {
            // What a change was refused for is its own affair; that the server is away is not.
            if case .unavailable = error { report(error) }
            throw error
        }
    }

    /// Closes every connection that is not in use and refuses later calls.
    func close() async {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        waiters.forEach { $0.resume(returning: .refused(Self.closed)) }
        for session in sessions { await session.close() }
    }

    private func use<Success: Sendable>(
        _ work: (PostgresSession) async -> PostgresAttempt<Success>
    ) async throws(StoreError) -> Success {
        while true {
            let number = try await turn()
            switch await work(sessions[number]) {
            case .used(let result, let isConnected):
                giveBack(number, isConnected: isConnected)
                return try result.get()
            case .unreachable(let error):
                // A limit of the server may leave room for some connections: then those do the work.
                guard giveUp(number, error) else { throw error }
            }
        }
    }

    private func turn() async throws(StoreError) -> Int {
        let turn = await withCheckedContinuation { continuation in
            let turn = state.withLock { state -> Turn? in
                let turn = Self.turn(&state)
                if turn == nil { state.waiters.append(continuation) }
                return turn
            }
            if let turn { continuation.resume(returning: turn) }
        }
        switch turn {
        case .session(let number): return number
        case .refused(let error): throw error
        }
    }

    /// What a call may do now; nil: wait.
    private static func turn(_ state: inout State) -> Turn? {
        guard !state.isClosed else { return .refused(closed) }
        if let place = state.idle.lastIndex(where: { state.isConnected[$0] }) {
            return .session(state.idle.remove(at: place))
        }
        if !state.idle.isEmpty, ContinuousClock.now >= state.nextTry { return .session(state.idle.removeLast()) }
        guard !state.isConnected.contains(true), state.idle.count == state.isConnected.count else { return nil }
        return .refused(state.lastError ?? .unavailable(reason: "the database can't be reached"))
    }

    private func giveBack(_ number: Int, isConnected: Bool) {
        let waiter = state.withLock { state -> CheckedContinuation<Turn, Never>? in
            state.isConnected[number] = isConnected
            if isConnected { state.failures = 0 }
            guard !state.waiters.isEmpty, !state.isClosed else {
                state.idle.append(number)
                return nil
            }
            return state.waiters.removeFirst()
        }
        waiter?.resume(returning: .session(number))
    }

    /// Returns whether another connection may do the work; if not, whoever waits is refused too.
    private func giveUp(_ number: Int, _ error: StoreError) -> Bool {
        let random = random()
        let refused = state.withLock { state -> [CheckedContinuation<Turn, Never>]? in
            state.isConnected[number] = false
            state.idle.append(number)
            state.lastError = error
            state.failures += 1
            // From a fifth of a second on, doubling, with some jitter: several replicas lose their server at once.
            let pause = min(Self.longestPause, .milliseconds(200) * (1 << min(state.failures - 1, 5)))
            state.nextTry = .now + pause * (0.75 + random / 4)
            guard !state.isConnected.contains(true) else { return nil }
            defer { state.waiters = [] }
            return state.waiters
        }
        refused?.forEach { $0.resume(returning: .refused(error)) }
        return refused == nil
    }

    private static let closed = StoreError.unavailable(reason: "the database is closed")
}
