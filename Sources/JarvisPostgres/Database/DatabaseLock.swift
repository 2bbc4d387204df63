// SPDX-License-Identifier: Apache-2.0

/// What all replicas do one after the other; each lock is held to the end of the transaction.
///
/// A transaction that needs several takes them in this order, so that no two wait for each other.
enum DatabaseLock: Int {
    /// Changing the schema.
    case migrations = 1
    /// Writing an intent, or what may hold it back: which came first must be certain.
    case intents = 2
    /// Appending to the audit log, which is one chain.
    case audit = 3
    /// Numbering timeline entries: whoever has read one never misses an earlier one.
    case timeline = 4
    /// Making and dropping partitions.
    case partitions = 5

    /// The statement that waits for it; "JARV" keeps away from locks of others.
    var take: String { "SELECT pg_advisory_xact_lock(\(0x4A41_5256), \(rawValue))" }

    /// The statement that takes it where nobody has it, and says whether.
    var tryToTake: String { "SELECT pg_try_advisory_xact_lock(\(0x4A41_5256), \(rawValue))" }
}
