// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Glibc
package import JarvisCore

/// One connection, used by one thread at a time.
///
/// Statements that nobody waits for are collected and sent together with the next one that somebody does, so that a
/// transaction takes as few round trips as it has questions. No call takes longer than its time limit.
///
/// Unsafe code: it owns a `PGconn`, finished with it.
package final class PostgresConnection {
    /// What is known once the answer is there.
    typealias Check = (PostgresResult) throws(StoreError) -> Void

    private struct Statement {
        let sql: String
        let values: [PostgresValue]
        let check: Check?
    }

    private let handle: OpaquePointer
    private let timeLimit: Duration
    private var names: [String: String] = [:]
    private var waiting: [Statement] = []
    /// What went wrong last; tells more than the error that was thrown for it.
    private(set) var lastFailure: PostgresFailure?

    /// Connects, which may take as long as the settings say.
    init(_ settings: PostgresSettings) throws(StoreError) {
        timeLimit = settings.answerLimit
        let parameters = settings.connectionParameters
        let handle = withCStrings(parameters.map(\.name) + [nil]) { names in
            withCStrings(parameters.map(\.value) + [nil]) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let handle else { throw .unavailable(reason: "no memory for a connection to the database") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            throw .unavailable(reason: "the database can't be reached: \(Self.message(of: handle))")
        }
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
            throw .unavailable(reason: "the connection can't be set up: \(Self.message(of: handle))")
        }
        // What the server says besides is meant for a person at a terminal.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Connects and sets the connection up; throws `corrupt` for a database that can't hold every character.
    static func open(_ settings: PostgresSettings) throws(StoreError) -> PostgresConnection {
        let connection = try PostgresConnection(settings)
        let encoding = connection.parameter("server_encoding") ?? "unknown"
        guard encoding == "UTF8" else {
            throw .corrupt(what: "the database has the encoding \(encoding): make it with ENCODING 'UTF8'")
        }
        for (name, value) in settings.sessionSettings {
            connection.run("SELECT set_config($1, $2, false)", [.text(name), .text(value)])
        }
        // One that waits for even more is left as the operator set it.
        connection.run(
            """
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local')
            """)
        try connection.flush()
        return connection
    }

    /// Whether it can be used any more.
    var isUsable: Bool { PQstatus(handle) == CONNECTION_OK && !(lastFailure?.endsConnection ?? false) }

    /// The descriptor of its socket.
    var descriptor: Int32 { PQsocket(handle) }

    /// Whether a transaction is open, failed ones included.
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// The server's setting of this name as told when connecting.
    func parameter(_ name: String) -> String? { PQparameterStatus(handle, name).map { String(cString: $0) } }

    /// Lets a statement go out with the next one that is waited for.
    ///
    /// `check` sees its result then; what it throws, that call throws. `values` are `$1`, `$2` and so on.
    package func run(
        _ sql: String, _ values: [PostgresValue] = [], check: ((PostgresResult) throws(StoreError) -> Void)? = nil
    ) {
        waiting.append(Statement(sql: sql, values: values, check: check))
    }

    /// Sends what waits and this one; its result.
    package func query(_ sql: String, _ values: [PostgresValue] = []) throws(StoreError) -> PostgresResult {
        waiting.append(Statement(sql: sql, values: values, check: nil))
        guard let result = try flush().last else { throw fail(.lost("no answer")) }
        return result
    }

    /// Runs one query; what `read` makes of each row.
    package func rows<Value>(
        _ sql: String, _ values: [PostgresValue] = [], _ read: (PostgresRow) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        try query(sql, values).map(read)
    }

    /// The first row of a query; nil when there is none.
    package func first<Value>(
        _ sql: String, _ values: [PostgresValue] = [], _ read: (PostgresRow) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        try query(sql, values).first(read)
    }

    /// Rows that a statement touched.
    package func affected(_ sql: String, _ values: [PostgresValue] = []) throws(StoreError) -> Int {
        try query(sql, values).affected
    }

    /// Sends what waits, unless a check would come after the end that follows it.
    func flushChecks() throws(StoreError) {
        if waiting.contains(where: { $0.check != nil }) { try flush() }
    }

    /// Forgets what went wrong earlier.
    func forgetFailure() { lastFailure = nil }

    /// Forgets what waits.
    func discardWaiting() { waiting = [] }

    /// Sends what waits in one go; the results, in order.
    ///
    /// When one fails, the server skips those after it.
    @discardableResult
    func flush() throws(StoreError) -> [PostgresResult] {
        let statements = waiting
        waiting = []
        guard !statements.isEmpty else { return [] }
        let deadline = ContinuousClock.now + timeLimit
        var prepared: [String: String] = [:]
        for statement in statements { try send(statement, preparing: &prepared) }
        guard PQpipelineSync(handle) == 1 else { throw lose() }
        return try receive(statements, prepared, until: deadline)
    }

    private func send(_ statement: Statement, preparing new: inout [String: String]) throws(StoreError) {
        let name: String
        if let known = names[statement.sql] ?? new[statement.sql] {
            name = known
        } else {
            name = "s\(names.count + new.count)"
            guard PQsendPrepare(handle, name, statement.sql, 0, nil) == 1 else { throw lose() }
            new[statement.sql] = name
        }
        let status = withCStrings(statement.values.map(\.text)) { values in
            PQsendQueryPrepared(handle, name, Int32(statement.values.count), values, nil, nil, 0)
        }
        guard status == 1 else { throw lose() }
    }

    /// Takes every answer up to the end of the pipeline, whatever they are; throws what went wrong first.
    private func receive(
        _ statements: [Statement], _ prepared: [String: String], until deadline: ContinuousClock.Instant
    ) throws(StoreError) -> [PostgresResult] {
        var results: [PostgresResult] = []
        var problem: StoreError?
        var unprepared = prepared
        for statement in statements {
            if let name = unprepared.removeValue(forKey: statement.sql) {
                let answer = try answer(until: deadline)
                if answer.status == PGRES_COMMAND_OK {
                    names[statement.sql] = name
                } else if problem == nil, answer.status != PGRES_PIPELINE_ABORTED {
                    problem = fail(answer.failure, doing: statement.sql)
                }
            }
            let answer = try answer(until: deadline)
            switch answer.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                results.append(answer)
                guard problem == nil, let check = statement.check else { continue }
                do throws(StoreError) { try check(answer) } catch { problem = error }
            case PGRES_PIPELINE_ABORTED:
                continue
            default:
                if problem == nil { problem = fail(answer.failure, doing: statement.sql) }
            }
        }
        let end = try answer(until: deadline)
        guard end.status == PGRES_PIPELINE_SYNC else { throw fail(.lost("an answer is missing")) }
        if let problem { throw problem }
        return results
    }

    /// The next answer; each is followed by nothing, which is taken along.
    private func answer(until deadline: ContinuousClock.Instant) throws(StoreError) -> PostgresResult {
        var empty = 0
        while true {
            guard PQflush(handle) >= 0 else { throw lose() }
            if PQisBusy(handle) == 0 {
                // Between two statements there is one empty answer; more mean that nothing will come.
                guard let result = PQgetResult(handle) else {
                    empty += 1
                    guard empty <= 2 else { throw fail(.lost("an answer is missing")) }
                    continue
                }
                let answer = PostgresResult(result)
                if answer.status == PGRES_FATAL_ERROR, PQstatus(handle) != CONNECTION_OK {
                    throw fail(answer.failure.state == nil ? .lost(Self.message(of: handle)) : answer.failure)
                }
                return answer
            }
            try wait(until: deadline)
            guard PQconsumeInput(handle) == 1 else { throw lose() }
        }
    }

    private func wait(until deadline: ContinuousClock.Instant) throws(StoreError) {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { throw fail(.lost("no answer within \(timeLimit.inSeconds) s")) }
        // Written to as well while something is left to send, read from in any case.
        let events = Int16(POLLIN) | (PQflush(handle) == 1 ? Int16(POLLOUT) : 0)
        var entry = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        // A signal ends it early; the caller looks again.
        _ = poll(&entry, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
    }

    /// Whether the server said or did anything unasked: on an idle connection that is its end.
    func isSilent() -> Bool {
        var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return isUsable }
        return false
    }

    /// Whether a notification came; to be called when the socket is readable.
    func takeNotifications() throws(StoreError) -> Bool {
        guard PQconsumeInput(handle) == 1 else { throw lose() }
        var any = false
        while let notification = PQnotifies(handle) {
            PQfreemem(notification)
            any = true
        }
        return any
    }

    private func lose() -> StoreError { fail(.lost(Self.message(of: handle))) }

    private func fail(_ failure: PostgresFailure, doing what: String = "the connection to the database") -> StoreError {
        lastFailure = failure
        return failure.error(doing: String(what.prefix(60)))
    }

    private static func message(of handle: OpaquePointer) -> String {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let line = text.split(separator: "\n").joined(separator: " ")
        return line.isEmpty ? "no reason was given" : line
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}

/// Lends strings to C for the time of a call.
private func withCStrings<Value>(
    _ strings: [String?], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
    let copies = strings.map { $0.flatMap { strdup($0) } }
    defer { copies.forEach { free($0) } }
    var pointers = copies.map { UnsafePointer($0) }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else {
            var none: UnsafePointer<CChar>?
            return body(&none)
        }
        return body(start)
    }
}
