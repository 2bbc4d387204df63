// SPDX-License-Identifier: Apache-2.0
import Testing

/// Waits until something is so, and says so when it isn't within the limit.
func eventually(
    _ fact: Comment, within limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record(fact, sourceLocation: sourceLocation)
    throw NotInTime()
}

struct NotInTime: Error {}
