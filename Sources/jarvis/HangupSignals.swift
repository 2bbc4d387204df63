// SPDX-License-Identifier: Apache-2.0

import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// SIGHUP: the process is asked to read its configuration anew.
enum HangupSignals {
    /// Calls `body` after each signal, one call after the other, until the task is cancelled; those that come during a
    /// call are one.
    static func each(_ body: () async -> Void) async {
        let (arrivals, arrival) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP)
        source.setEventHandler { arrival.yield() }
        source.resume()
        for await _ in arrivals { await body() }
        source.cancel()
    }
}
