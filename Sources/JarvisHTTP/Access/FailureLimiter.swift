// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Slows down whoever tries wrong credentials, by source address.
///
/// After `burst` failures a source is refused without looking at its credentials until its failures have drained, one
/// every `drain`. Bounded: when too many sources are remembered, the one that failed longest ago is forgotten.
final class FailureLimiter<C: Clock>: Sendable where C.Duration == Duration {
    private struct Source {
        var failures: Double
        var updated: C.Instant
    }

    private let burst: Double
    private let drain: Duration
    private let maximumSources: Int
    private let clock: C
    private let sources = Mutex<[String: Source]>([:])

    init(burst: Int = 10, drain: Duration = .seconds(3), maximumSources: Int = 4_096, clock: C) {
        self.burst = Double(burst)
        self.drain = drain
        self.maximumSources = maximumSources
        self.clock = clock
    }

    /// Whether this source has failed too often lately.
    func isRefused(_ address: String) -> Bool {
        let now = clock.now
        return sources.withLock { sources in
            guard let source = sources[address] else { return false }
            // One drains while the last of a burst is made.
            return remaining(source, now) > burst - 1
        }
    }

    /// Counts one failure.
    func failed(_ address: String) {
        let now = clock.now
        sources.withLock { sources in
            if sources[address] == nil, sources.count >= maximumSources,
                let oldest = sources.min(by: { $0.value.updated < $1.value.updated })
            {
                sources[oldest.key] = nil
            }
            let failures = sources[address].map { remaining($0, now) } ?? 0
            sources[address] = Source(failures: min(burst, failures) + 1, updated: now)
        }
    }

    private func remaining(_ source: Source, _ now: C.Instant) -> Double {
        max(0, source.failures - source.updated.duration(to: now) / drain)
    }
}
