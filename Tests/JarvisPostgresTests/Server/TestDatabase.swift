// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisPostgres
import Synchronization

/// A value that threads share.
final class Locked<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func set(_ value: Value) { mutex.withLock { $0 = value } }

    func update(_ change: (inout Value) -> Void) { mutex.withLock { change(&$0) } }
}

/// Gives `body` the address of an empty database on a server; dropped when it ends.
func withDatabase<Result>(
    on server: PostgresServer? = nil, _ body: (PostgresSettings) async throws -> Result
) async throws -> Result {
    let server = if let server { server } else { try await PostgresServer.shared.value }
    let name = "t" + UUID().uuidString.lowercased().replacing("-", with: "")
    try await server.psql("CREATE DATABASE \(name) STRATEGY file_copy")
    let result: Result
    do {
        result = try await body(PostgresSettings(url: server.url(name)))
    } catch {
        try? await server.psql("DROP DATABASE \(name) WITH (FORCE)")
        throw error
    }
    try await server.psql("DROP DATABASE \(name) WITH (FORCE)")
    return result
}

/// A fact did not come about.
struct NeverHappened: Error { let what: String }

/// Waits for a fact; throws when it has not come about in time.
func eventually(_ what: String, within time: Duration = .seconds(10), _ isTrue: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + time
    while try await !isTrue() {
        guard ContinuousClock.now < limit else { throw NeverHappened(what: what) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
