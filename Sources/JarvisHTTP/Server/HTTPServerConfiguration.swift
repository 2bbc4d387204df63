// SPDX-License-Identifier: Apache-2.0

/// Where the server listens and what it puts up with.
///
/// The defaults are safe for a server that strangers can reach.
package struct HTTPServerConfiguration: Sendable {
    /// The IP address or name to listen on; the loopback interface unless said otherwise.
    package var host: String

    /// The TCP port; 0 lets the system choose.
    package var port: Int

    /// The connections served at once, counted until their last handler has ended; more are closed when accepted.
    package var maximumConnections = 1024

    /// The bytes a request line with its header fields may take (431), and equally the trailer or a chunk's line.
    package var maximumHeaderBytes = 64 * 1024

    /// The bytes a request target may take (414).
    package var maximumTargetBytes = 8 * 1024

    /// The content bytes of one request (413), for routes that set no limit of their own.
    package var maximumBodyBytes = 8 * 1024 * 1024

    /// The content bytes of all requests together that are being received or handled (503).
    package var maximumBufferedBodyBytes = 128 * 1024 * 1024

    /// The time for a head, from the first time something of it is read; for a new connection from accepting it.
    package var headTimeout = Duration.seconds(10)

    /// The longest pause between two pieces of a request's content.
    package var bodyProgressTimeout = Duration.seconds(30)

    /// The time for the whole content of a request.
    package var bodyTimeout = Duration.seconds(60)

    /// The time a connection may wait for its next request.
    package var idleTimeout = Duration.seconds(60)

    /// The time within which a peer must take each 64 KiB of a response.
    package var writeTimeout = Duration.seconds(30)

    /// How long the rest of a peer's bytes is read and dropped after the last response, so that it gets to see it.
    package var lingerTimeout = Duration.seconds(2)

    /// How many bytes are dropped in that time before the connection is cut.
    package var maximumLingerBytes = 1024 * 1024

    /// The time running requests get to finish when the server ends; then they are cancelled and cut off.
    package var shutdownTimeout = Duration.seconds(10)

    /// How long a connection without a request is still read when the server ends: one may be on its way.
    package var lastRequestTimeout = Duration.milliseconds(250)

    /// The event loop threads; one serves tens of thousands of requests per second.
    package var threads = 1

    /// Creates a configuration with the defaults.
    package init(host: String = "127.0.0.1", port: Int) {
        self.host = host
        self.port = port
    }
}
