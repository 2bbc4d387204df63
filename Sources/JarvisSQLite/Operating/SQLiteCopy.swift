// SPDX-License-Identifier: Apache-2.0

import Glibc
package import JarvisCore

/// A copy of a database that another process may be serving at the moment.
package enum SQLiteCopy {
    /// Writes the state of one moment into a new file, readable by this user alone; durable when it returns.
    ///
    /// Neither takes nor needs the lock of the instance, and holds up nobody who writes. Throws `unavailable` where
    /// there is no room or no access, `corrupt` and `newerSchema` where the file is not one that this version knows;
    /// what stands at `destination` then is to be thrown away.
    package static func make(of path: String, at destination: String) throws(StoreError) {
        let connection = try SQLiteConnection(path: path, access: .readOnly)
        try connection.execute("PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2048;")
        _ = try Migrator(migrations: Migration.all).check(connection)
        // An empty file is taken by VACUUM INTO, and keeps its mode.
        let descriptor = open(destination, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(reason: "\(destination) can't be made: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        try connection.run("VACUUM INTO ?1", [.text(destination)])
        // It syncs nothing itself.
        guard fsync(descriptor) == 0 else {
            throw .unavailable(reason: "\(destination) is not durable: \(String(cString: strerror(errno)))")
        }
    }
}
