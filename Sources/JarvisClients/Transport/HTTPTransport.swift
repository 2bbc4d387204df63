// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The one HTTP client of the process: libcurl's multi interface on a thread of its own.
///
/// The thread starts with the first request and ends with `shutdown` or when the transport is released. Connections
/// are kept alive and shared by all requests. There are no retries, no cookies, no netrc, no proxies from the
/// environment and no way to switch off TLS verification.
package final class HTTPTransport: Sendable {
    private let mailbox: CurlMailbox
    private let nextID = Atomic<UInt64>(0)

    /// Prepares a transport; nothing runs before the first request.
    package init(configuration: Configuration = Configuration()) {
        mailbox = CurlMailbox(configuration: configuration)
    }

    deinit { mailbox.stop() }

    /// Sends one request and returns the complete answer, whatever its status.
    ///
    /// Throws `TransportError`: `.invalidRequest` before anything is sent, `.cancelled` promptly after the calling task
    /// is cancelled. The time limit covers waiting for a slot and all followed redirects.
    package func send(_ request: OutboundRequest) async throws(TransportError) -> OutboundResponse {
        let address = try OutboundAddress(request.url)
        try request.validate()
        let deadline = ContinuousClock.now + request.timeouts.total
        let response = try await perform(.exchange, request, at: address, deadline: deadline)
        guard case .follow(let maximum) = request.redirects else { return response }
        var trail = RedirectTrail(request: request, address: address, maximum: maximum)
        var latest = response
        while let next = try trail.next(after: latest) {
            latest = try await perform(.exchange, next.request, at: next.address, deadline: deadline)
        }
        return latest
    }

    /// Ends all requests with `TransportError.shutdown` and returns when the thread has closed every connection.
    package func shutdown() async {
        mailbox.stop()
        await mailbox.end()
    }

    func perform(
        _ kind: Submission.Kind, _ request: OutboundRequest, at address: OutboundAddress,
        deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> OutboundResponse {
        let id = nextID.add(1, ordering: .relaxed).newValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (reply: Submission.Reply) in
                mailbox.start(
                    Submission(
                        id: id, kind: kind, address: address, request: request, submitted: .now, deadline: deadline,
                        reply: reply))
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { mailbox.cancel(id) }
            }
        } onCancel: {
            mailbox.cancel(id)
        }
        return try result.get()
    }
}
