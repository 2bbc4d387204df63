// SPDX-License-Identifier: Apache-2.0

import JarvisHosts
import JarvisPostgres
import Synchronization

/// The highest fencing token of a shared database that this instance knows of, in a file of the data directory.
///
/// It is noted now and then, not with every claim: a database that is put back to an earlier state is noticed where
/// anything was done in the meantime, apart from the last seconds.
struct SeenToken: ~Copyable, Sendable {
    private let path: String
    private let token: Mutex<UInt64>

    /// Reads the file; what is not there counts as 0.
    init(in directory: String) {
        path = directory + "/database.seen"
        token = Mutex(readSmallFile(path).flatMap { UInt64($0.prefix { $0 != "\n" }) } ?? 0)
    }

    /// The highest one that was noted.
    var last: UInt64 { token.withLock { $0 } }

    /// Throws where a database is an earlier state than this instance knows.
    func check(_ standing: DatabaseStanding) throws(ServerError) {
        guard standing.token >= last else {
            throw .database("it is at claim \(standing.token), and this instance has seen \(last)")
        }
    }

    /// Notes a token, durable when it returns; one that is not higher changes nothing.
    func note(_ new: UInt64) throws {
        guard new > last else { return }
        try replaceFile(path, with: "\(new)\n")
        token.withLock { $0 = max($0, new) }
    }
}
