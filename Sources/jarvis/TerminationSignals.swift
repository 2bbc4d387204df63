// SPDX-License-Identifier: Apache-2.0

import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// SIGTERM and SIGINT as something to wait for.
enum TerminationSignals {
    /// Returns when the process is asked to end.
    ///
    /// The second request is not caught any more, so that an impatient person can always end the process.
    static func first() async {
        let signals = [SIGTERM, SIGINT]
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { arrival.yield() }
            source.resume()
            return source
        }
        for await _ in arrivals { break }
        sources.forEach { $0.cancel() }
        for number in signals { signal(number, SIG_DFL) }
    }
}
