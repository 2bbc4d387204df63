// SPDX-License-Identifier: Apache-2.0

/// The life of the one connection to a host, as a pure state machine: closed, connecting, open, failed, ended.
///
/// Each attempt has a generation, so that late news about an old connection can't change the state of a new one.
struct SSHLineState: Equatable {
    private enum State: Equatable {
        case idle
        case connecting
        case open(names: SSHFileNames, isSuspect: Bool)
        case failed(reason: String, retryAt: ContinuousClock.Instant)
        case ended
    }

    /// What a run that needs the connection does.
    enum Wanted: Equatable {
        /// Use it.
        case use(SSHLine)
        /// A run on it ended oddly: ask its master first, then say `trusted` or `lost`.
        case check(SSHLine)
        /// Start an attempt of this generation and wait.
        case start(generation: Int)
        /// Wait for the attempt that goes on.
        case wait
        /// Do not start.
        case refuse(String)
    }

    private var state = State.idle
    private var generation = 0
    private var failures = 0
    private let firstBackoff: Duration
    private let longestBackoff: Duration

    init(firstBackoff: Duration, longestBackoff: Duration) {
        self.firstBackoff = firstBackoff
        self.longestBackoff = longestBackoff
    }

    /// Whether nothing is to connect any more.
    var isEnded: Bool { state == .ended }

    /// A run needs the connection.
    mutating func wanted(now: ContinuousClock.Instant) -> Wanted {
        switch state {
        case .open(let names, let isSuspect):
            let line = SSHLine(generation: generation, names: names)
            return isSuspect ? .check(line) : .use(line)
        case .connecting: return .wait
        case .ended: return .refuse("Jarvis is shutting down")
        case .failed(let reason, let retryAt) where now < retryAt:
            return .refuse("\(reason); not tried again for \((retryAt - now).components.seconds + 1) s")
        case .idle, .failed:
            generation += 1
            state = .connecting
            return .start(generation: generation)
        }
    }

    /// What `wanted` would say, without beginning an attempt.
    func wantedWithoutStarting(now: ContinuousClock.Instant) -> Wanted {
        var copy = self
        return copy.wanted(now: now)
    }

    /// The attempt succeeded; false when it is no longer the current one.
    mutating func opened(generation: Int, names: SSHFileNames) -> Bool {
        guard generation == self.generation, state == .connecting else { return false }
        state = .open(names: names, isSuspect: false)
        failures = 0
        return true
    }

    /// The attempt failed or the open connection was lost; false when it is no longer the current one.
    ///
    /// A loss may be mended at once; only attempts that fail make the next one wait.
    mutating func ended(generation: Int, reason: String, now: ContinuousClock.Instant) -> Bool {
        guard generation == self.generation else { return false }
        switch state {
        case .connecting:
            let pause = min(longestBackoff, firstBackoff * (1 << min(failures, 16)))
            failures += 1
            state = .failed(reason: reason, retryAt: now + pause)
            return true
        case .open:
            state = .idle
            return true
        case .idle, .failed, .ended: return false
        }
    }

    /// A run on this connection ended without the host's word.
    mutating func suspected(generation: Int) {
        guard generation == self.generation, case .open(let names, _) = state else { return }
        state = .open(names: names, isSuspect: true)
    }

    /// Its master answered.
    mutating func trusted(generation: Int) {
        guard generation == self.generation, case .open(let names, _) = state else { return }
        state = .open(names: names, isSuspect: false)
    }

    /// Nothing starts after this.
    mutating func shutDown() { state = .ended }
}

/// One open connection.
struct SSHLine: Sendable, Equatable {
    let generation: Int
    let names: SSHFileNames
}
