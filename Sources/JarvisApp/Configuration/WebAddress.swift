// SPDX-License-Identifier: Apache-2.0

/// An `http` or `https` URL whose parts have been checked (RFC 3986, ASCII only).
struct WebAddress: Equatable {
    /// The URL as it was written, without trailing slashes of an otherwise empty or plain path.
    let text: String

    enum Fault: Error, Equatable {
        case scheme, userinfo, host, port, characters, queryOrFragment

        var message: String {
            switch self {
            case .scheme: "must begin with http:// or https://"
            case .userinfo: "must not hold credentials; use 'username' and 'password'"
            case .host: "names no valid host"
            case .port: "has no valid port"
            case .characters: "holds a space or another character that a URL can't hold"
            case .queryOrFragment: "must end with the path; '?' and '#' have no meaning here"
            }
        }
    }

    /// Reads a URL; `base` allows neither query nor fragment and takes trailing slashes away.
    init(_ text: String, base: Bool) throws(Fault) {
        let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
        guard let scheme else { throw .scheme }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            throw .characters
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        try Self.check(authority: authority)
        guard base else {
            self.text = text
            return
        }
        guard !text.contains("?"), !text.contains("#") else { throw .queryOrFragment }
        var trimmed = text[...]
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.text = String(trimmed)
    }

    private static func check(authority: Substring) throws(Fault) {
        guard !authority.contains("@") else { throw .userinfo }
        var host = authority
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .host }
            host = authority[...end]
            let address = host.dropFirst().dropLast()
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else { throw .host }
        } else {
            host = authority.prefix { $0 != ":" }
            guard NetworkName.isValid(host) else { throw .host }
        }
        let port = authority.dropFirst(host.count)
        guard !port.isEmpty else { return }
        guard port.hasPrefix(":"), let number = PortNumber.read(port.dropFirst()), number > 0 else { throw .port }
    }
}

/// Names and addresses of machines.
enum NetworkName {
    /// A DNS name or an IPv4 address by its letters: never empty, never an option, no separators.
    static func isValid(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 253, first != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
