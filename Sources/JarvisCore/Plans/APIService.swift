// SPDX-License-Identifier: Apache-2.0

/// Which service a change is asked of: its configured address, without credentials.
///
/// Two spellings of one address are equal: letters of scheme and host in either case, the scheme's own port or none, a
/// trailing slash or none. Two names of one machine are not.
package struct APIService: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The address.
    package let address: String

    /// Names the service at a URL.
    package init(url: String) {
        guard let end = url.firstRange(of: "://") else {
            address = url
            return
        }
        let scheme = url[..<end.lowerBound].lowercased()
        let rest = url[end.upperBound...].prefix { $0 != "?" && $0 != "#" }
        var host = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(host.count)
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        let port = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(port) { host = host.dropLast(port.count) }
        while path.hasSuffix("/") { path = path.dropLast() }
        address = "\(scheme)://\(host.lowercased())\(path)"
    }

    /// The address.
    package var description: String { address }
}
