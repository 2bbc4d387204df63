// SPDX-License-Identifier: Apache-2.0

/// A fact did not come about.
struct NeverHappened: Error { let what: String }

/// Waits for a fact; throws when it has not come about after ten seconds.
func eventually(_ what: String, _ isTrue: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(10)
    while try await !isTrue() {
        guard ContinuousClock.now < limit else { throw NeverHappened(what: what) }
        await Task.yield()
    }
}
