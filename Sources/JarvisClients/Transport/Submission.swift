// SPDX-License-Identifier: Apache-2.0
/// A checked request on its way to the transport's thread, with the way back to its caller.
struct Submission: Sendable {
    /// What is to be done with the connection.
    enum Kind: Sendable { case exchange, connectOnly }

    typealias Reply = CheckedContinuation<Result<OutboundResponse, TransportError>, Never>

    let id: UInt64
    let kind: Kind
    let address: OutboundAddress
    let request: OutboundRequest
    let submitted: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant
    let reply: Reply

    func fail(_ error: TransportError) { reply.resume(returning: .failure(error)) }
}
