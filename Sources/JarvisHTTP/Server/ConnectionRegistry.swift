// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connections that are open or still have a handler running, and their limit.
///
/// A connection is let go only when its channel is closed *and* its handler has returned: otherwise a client that
/// sends a request, hangs up and comes back could start any number of handlers.
final class ConnectionRegistry: Sendable {
    /// Sent down a channel's pipeline: close when nothing comes any more, else after the current response.
    struct Drain: Sendable {}

    private struct Entry {
        var channel: any Channel
        var holders = 1
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var isDraining = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let onDrained: @Sendable () -> Void

    /// Creates a registry that calls `onDrained` once, when it is empty after `drain`.
    init(limit: Int, onDrained: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.onDrained = onDrained
    }

    /// Takes a new connection in; `false` when there are too many or the server is ending.
    func admit(_ channel: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isDraining, state.entries.count < limit else { return false }
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel)
            return true
        }
    }

    /// Keeps a connection's place while a handler runs for it; each call needs one `release`.
    func retain(_ channel: any Channel) {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.holders += 1 }
    }

    /// Gives up one hold; the last one frees the place.
    func release(_ channel: any Channel) {
        let isDrained = state.withLock { state in
            let id = ObjectIdentifier(channel)
            guard var entry = state.entries[id] else { return false }
            entry.holders -= 1
            state.entries[id] = entry.holders > 0 ? entry : nil
            return entry.holders == 0 && state.isDraining && state.entries.isEmpty
        }
        if isDrained { onDrained() }
    }

    /// Admits no more and asks every connection to end.
    func drain() {
        let channels: [any Channel]? = state.withLock { state in
            guard !state.isDraining else { return nil }
            state.isDraining = true
            return state.entries.values.map(\.channel)
        }
        guard let channels else { return }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Drain()) }
        if channels.isEmpty { onDrained() }
    }

    /// Cuts every connection off.
    func closeAll() {
        let channels = state.withLock { $0.entries.values.map(\.channel) }
        for channel in channels { channel.close(promise: nil) }
    }
}
