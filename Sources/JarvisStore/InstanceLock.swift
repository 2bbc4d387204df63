// SPDX-License-Identifier: Apache-2.0

import Glibc
package import JarvisCore

/// The lock that keeps a second instance away from files; held until released, or until the process ends.
///
/// It is on a file of its own: closing any descriptor of a database of SQLite itself would drop SQLite's locks.
package struct InstanceLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock at once; throws `unavailable` when somebody else holds it.
    package init(path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(reason: "the lock file \(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason =
                errno == EWOULDBLOCK
                ? "another Jarvis uses these files (\(path) is locked): stop it first"
                : "\(path) can't be locked: \(String(cString: strerror(errno)))"
            close(descriptor)
            throw .unavailable(reason: reason)
        }
        self.descriptor = descriptor
    }

    deinit {
        // A child that is just being started shares the lock until its program begins; closing alone would leave it that.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
