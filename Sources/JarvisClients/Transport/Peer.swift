// SPDX-License-Identifier: Apache-2.0
/// The host and port at the other end; the only part of an address that error texts may show.
package struct Peer: Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: Int

    /// Names the other end.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var description: String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
