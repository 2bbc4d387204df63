// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import JarvisStore

@Suite struct `Waiting only so long` {
    /// Never passes, but ends when nobody is interested any more.
    private static func never(_ limit: Duration) async throws { try await Task.sleep(for: .seconds(3_600)) }

    @Test func `gives what the work comes to in time`() async {
        let patience = Patience(.seconds(1), sleep: Self.never)
        #expect(await patience.wait { 7 } == 7)
        #expect(!patience.isExhausted)
    }

    @Test func `gives nothing when the work is late, and is exhausted until it ends`() async {
        let patience = Patience(.seconds(1), sleep: { _ in })
        let gate = AsyncStream<Void>.makeStream()
        let ended = Mutex(false)
        #expect(
            await patience.wait {
                for await _ in gate.stream {}
                ended.withLock { $0 = true }
            } == nil)
        #expect(patience.isExhausted && !ended.withLock { $0 })
        gate.continuation.finish()
        while patience.isExhausted { await Task.yield() }
        #expect(ended.withLock { $0 })
    }
}
