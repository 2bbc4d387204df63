// SPDX-License-Identifier: Apache-2.0
extension HTTPTransport {
    /// The bounds one transport keeps for all requests together.
    package struct Configuration: Sendable {
        /// Transfers in progress, in total and towards one host and port.
        package var maximumTransfers: Int
        package var maximumTransfersPerPeer: Int
        /// Requests that may wait for a slot; one more fails with `TransportError.saturated`.
        package var maximumWaiting: Int
        /// Connections, busy ones included, above which one that becomes idle is closed instead of kept.
        package var maximumKeptConnections: Int
        /// Age from which an idle connection is no longer used.
        package var idleConnectionLifetime: Duration
        /// All header lines of one exchange together, 1xx answers and trailers included.
        package var maximumHeaderBytes: Int
        /// Address of a proxy for every request; nil means direct, whatever the environment says.
        package var proxy: String?
        package var userAgent: String

        /// Bounds fit for one process that talks to a few dozen services.
        package init(
            maximumTransfers: Int = 64, maximumTransfersPerPeer: Int = 16, maximumWaiting: Int = 1024,
            maximumKeptConnections: Int = 32, idleConnectionLifetime: Duration = .seconds(60),
            maximumHeaderBytes: Int = 64 << 10, proxy: String? = nil, userAgent: String = "jarvis"
        ) {
            self.maximumTransfers = maximumTransfers
            self.maximumTransfersPerPeer = maximumTransfersPerPeer
            self.maximumWaiting = maximumWaiting
            self.maximumKeptConnections = maximumKeptConnections
            self.idleConnectionLifetime = idleConnectionLifetime
            self.maximumHeaderBytes = maximumHeaderBytes
            self.proxy = proxy
            self.userAgent = userAgent
        }
    }
}
