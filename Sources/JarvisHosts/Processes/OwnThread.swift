// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Runs blocking work on a thread of its own, so that no thread of Swift's cooperative pool ever waits for a process.
///
/// All signals are blocked there: the process' own handlers run elsewhere, and writing to a pipe whose reader is gone
/// returns EPIPE instead of ending Jarvis.
enum OwnThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts `body`; returns an errno value when there can be no further thread, and `body` does not run then.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 * 1024)
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        if result != 0 { work.release() }
        return result
    }

    /// The result of `body`, which runs to its end even when the calling task is cancelled.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value
    ) async throws(SpawnError) -> Value {
        let result: Result<Value, SpawnError> = await withCheckedContinuation { continuation in
            let status = start { continuation.resume(returning: .success(body())) }
            if status != 0 {
                continuation.resume(returning: .failure(SpawnError(stage: .thread, number: status)))
            }
        }
        return try result.get()
    }
}
