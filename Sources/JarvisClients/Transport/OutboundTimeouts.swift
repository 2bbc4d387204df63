// SPDX-License-Identifier: Apache-2.0
/// The time limits of one request.
package struct OutboundTimeouts: Sendable, Equatable {
    /// A floor under the speed of a transfer.
    package struct Pace: Sendable, Equatable {
        package var bytesPerSecond: Int
        /// How long the speed may stay below the floor; whole seconds, at least one.
        package var patience: Duration

        /// States a floor.
        package init(bytesPerSecond: Int, patience: Duration) {
            self.bytesPerSecond = bytesPerSecond
            self.patience = patience
        }
    }

    /// Limit for resolving, connecting and the TLS handshake together.
    package var connect: Duration
    /// Limit for everything, from the call to the last byte, including waiting for a free slot.
    package var total: Duration
    /// Ends a transfer that drips; also runs while the server thinks, so nil for a peer that thinks for long.
    package var pace: Pace?

    /// Limits fit for a service in the same house: 5 s to connect, 30 s in total, 15 s without progress.
    package init(
        connect: Duration = .seconds(5), total: Duration = .seconds(30),
        pace: Pace? = Pace(bytesPerSecond: 16, patience: .seconds(15))
    ) {
        self.connect = connect
        self.total = total
        self.pace = pace
    }
}
