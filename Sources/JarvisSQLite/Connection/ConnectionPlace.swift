// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// A connection that may be lost and opened again.
struct ConnectionPlace {
    private enum State {
        case open(SQLiteConnection)
        case lost(StoreError)
        case closed
    }

    private var state: State

    init(_ connection: sending SQLiteConnection) { state = .open(connection) }

    /// The connection; throws why there is none.
    func get() throws(StoreError) -> SQLiteConnection {
        switch state {
        case .open(let connection): return connection
        case .lost(let error): throw error
        case .closed: throw .unavailable(reason: "the database is closed")
        }
    }

    /// Whether it was closed for good.
    var isClosed: Bool { if case .closed = state { true } else { false } }

    mutating func close() { state = .closed }

    /// Closes what is there, then opens anew; where that fails, the error is what `get` throws from then on.
    mutating func exchange(_ open: () throws(StoreError) -> sending SQLiteConnection) throws(StoreError) {
        guard !isClosed else { throw .unavailable(reason: "the database is closed") }
        state = .lost(.unavailable(reason: "the database is being opened again"))
        do throws(StoreError) { state = .open(try open()) } catch {
            state = .lost(error)
            throw error
        }
    }
}
