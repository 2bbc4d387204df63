// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import Synchronization

/// A connection that one thread uses and another may exchange.
///
/// Unchecked: whatever touches the connection does so under the lock.
final class LockedPlace: @unchecked Sendable {
    private let lock = Mutex(())
    private var place: ConnectionPlace

    init(_ connection: sending SQLiteConnection) { place = ConnectionPlace(connection) }

    func use<Result: Sendable>(
        _ body: (SQLiteConnection) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try lock.withLock { _ throws(StoreError) in try body(try place.get()) }
    }

    func close() { lock.withLock { _ in place.close() } }

    /// See `ConnectionPlace.exchange`; waits until nobody uses it.
    func exchange(_ open: () throws(StoreError) -> sending SQLiteConnection) throws(StoreError) {
        try lock.withLock { _ throws(StoreError) in try place.exchange(open) }
    }
}
