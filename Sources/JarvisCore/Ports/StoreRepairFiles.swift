// SPDX-License-Identifier: Apache-2.0

/// Keeps the attempts to repair the store on this machine, where they can be kept while the store is away.
package protocol StoreRepairFiles: Sendable {
    /// Everything that is kept, oldest first, and how many files can't be read.
    ///
    /// Such a file is kept under another name, and counted, until a person takes it away. Throws `unavailable` when
    /// nobody can say what is there.
    func attempts() async throws(StoreError) -> (attempts: [StoreRepairAttempt], unreadable: Int)

    /// Keeps an attempt in place of what was kept of it; durable (fsynced, its folder too) when it returns.
    ///
    /// Whatever goes wrong, what is kept afterwards is the old one or the whole new one.
    func keep(_ attempt: StoreRepairAttempt) async throws(StoreError)

    /// Forgets an attempt; that it comes back after a crash is possible.
    func forget(_ attempt: IntentID) async throws(StoreError)
}
