// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IP address and a TCP port to listen on.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets.
    package let host: String
    /// The port; 0: any free one.
    package let port: Int

    /// `127.0.0.1:8480`.
    package static let standard = ListenAddress(host: "127.0.0.1", port: 8480)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:8480`, `[::1]:8480` or `localhost:8480` (127.0.0.1); nil for everything else.
    ///
    /// Other names are refused, so that what is listened on does not depend on a resolver.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = PortNumber.read(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            var address = in6_addr()
            guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
        } else {
            var address = in_addr()
            guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
        }
        self.init(host: host, port: port)
    }

    /// Whether only programs on this machine reach it.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// `127.0.0.1:8480` or `[::1]:8480`.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Reads port numbers.
enum PortNumber {
    /// 0…65535 in at most five digits; nil for everything else.
    static func read(_ text: some StringProtocol) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text).flatMap { (0...65535).contains($0) ? $0 : nil }
    }
}
