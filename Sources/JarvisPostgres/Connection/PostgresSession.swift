// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import Glibc
import JarvisCore
import JarvisStore

/// What came of an attempt to use a connection.
enum PostgresAttempt<Success: Sendable>: Sendable {
    /// There is no connection, and none could be made.
    case unreachable(StoreError)
    /// It was used; whether it still stands.
    case used(Result<Success, StoreError>, isConnected: Bool)
}

/// One connection with a thread of its own, made when it is needed and made anew when it was lost.
actor PostgresSession {
    /// How often a transaction is run that loses against others.
    private static let collisionLimit = 5

    private nonisolated let executor = ThreadExecutor()
    private let settings: PostgresSettings
    private var connection: PostgresConnection?

    init(_ settings: PostgresSettings) { self.settings = settings }

    deinit { executor.shutDown() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func close() { connection = nil }

    /// Runs `body` without a transaction around it: each group of its statements is one.
    func statements<Success>(
        _ body: @Sendable (PostgresConnection) throws(StoreError) -> Success
    ) -> PostgresAttempt<Success> {
        attempt { connection throws(StoreError) in
            let success = try body(connection)
            try connection.flush()
            return success
        }
    }

    /// Runs `body` inside a transaction; durable when it succeeds.
    ///
    /// It may be run again where it lost against another transaction, so it must do nothing but use the connection.
    func transaction<Success>(
        _ body: @Sendable (PostgresConnection) throws(StoreError) -> Success
    ) -> PostgresAttempt<Success> {
        attempt { connection throws(StoreError) in
            var round = 1
            while true {
                do throws(StoreError) {
                    return try self.run(body, on: connection)
                } catch {
                    if connection.isUsable, connection.isInTransaction {
                        connection.discardWaiting()
                        // When it fails the connection is lost, and the server ends the transaction.
                        _ = try? connection.query("ROLLBACK")
                    }
                    guard connection.isUsable, connection.lastFailure?.isCollision == true,
                        round < Self.collisionLimit
                    else { throw error }
                    round += 1
                }
            }
        }
    }

    private func run<Success>(
        _ body: (PostgresConnection) throws(StoreError) -> Success, on connection: PostgresConnection
    ) throws(StoreError) -> Success {
        connection.forgetFailure()
        if FaultPoint.fails("postgres.begin.before") { throw .unavailable(reason: "injected") }
        connection.run("BEGIN")
        var number: String?
        connection.run("SELECT pg_current_xact_id()::text") { result throws(StoreError) in
            number = try result.first { row throws(StoreError) in try row.required(0) }
        }
        let success = try body(connection)
        try connection.flushChecks()
        if FaultPoint.fails("postgres.commit.before") { throw .unavailable(reason: "injected") }
        do throws(StoreError) {
            _ = try connection.query("COMMIT")
        } catch {
            // Lost between the order to commit and the answer to it: the server knows how it ended.
            guard !connection.isUsable, let number, try isCommitted(number) else { throw error }
        }
        FaultPoint.passes("postgres.commit.after")
        return success
    }

    /// Asks on a new connection how a transaction ended; throws `unavailable` when nobody can tell now.
    private func isCommitted(_ number: String) throws(StoreError) -> Bool {
        let connection = try PostgresConnection.open(settings)
        self.connection = connection
        for _ in 0..<50 {
            let status = try connection.first("SELECT pg_xact_status($1::xid8)", [.text(number)]) { row in row.text(0) }
            if let status, status != "in progress" { return status == "committed" }
            // The server has not noticed yet that the old connection is gone.
            usleep(100_000)
        }
        throw .unavailable(reason: "the connection was lost while committing, and how it ended is not known")
    }

    private func attempt<Success>(
        _ work: (PostgresConnection) throws(StoreError) -> Success
    ) -> PostgresAttempt<Success> {
        let used: PostgresConnection
        do throws(StoreError) { used = try connected() } catch { return .unreachable(error) }
        let result: Result<Success, StoreError>
        do throws(StoreError) { result = .success(try work(used)) } catch { result = .failure(error) }
        used.discardWaiting()
        if connection?.isUsable != true { connection = nil }
        return .used(result, isConnected: connection != nil)
    }

    /// The connection, if nothing happened to it while nobody used it; a new one otherwise.
    private func connected() throws(StoreError) -> PostgresConnection {
        if let connection, connection.isSilent() { return connection }
        connection = nil
        let new = try PostgresConnection.open(settings)
        connection = new
        return new
    }
}
