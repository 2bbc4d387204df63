// SPDX-License-Identifier: Apache-2.0
/// The complete answer to one request; any status is an answer.
package struct OutboundResponse: Sendable, Equatable {
    /// How the time of a transfer was spent, each measured from the moment libcurl began with it.
    package struct Timing: Sendable, Equatable {
        /// Waiting for a free slot, before libcurl began.
        package var queued: Duration
        package var resolved: Duration
        package var connected: Duration
        package var firstByte: Duration
        package var total: Duration
        /// False when a kept-alive connection served the request.
        package var openedConnection: Bool
    }

    package let status: Int
    /// Name and value of each header of the final answer in the order received; trailers are not among them.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    package let timing: Timing

    /// The first value of a header, whatever the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package static func == (left: OutboundResponse, right: OutboundResponse) -> Bool {
        left.status == right.status && left.body == right.body && left.timing == right.timing
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }
}
