// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

extension ValueForm where Value == ListenAddress {
    /// Address and port to listen on.
    static let listenAddress = ValueForm.text("an IP address and a port such as 127.0.0.1:8480") {
        (text) throws(ValueProblem) in
        guard let address = ListenAddress(text) else { throw .mismatch }
        return address
    }
}

extension ValueForm where Value == String {
    /// An `http` or `https` URL to which paths are appended.
    static let baseURL = url(base: true)
    /// A whole `http` or `https` URL.
    static let fullURL = url(base: false)

    /// A name for basic authentication (RFC 7617 section 2: without colon).
    static let userName = ValueForm.text("text") { (text) throws(ValueProblem) in
        guard !text.isEmpty, !text.contains(":"),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw .refused("must be one line without ':'") }
        return text
    }

    /// A login name (useradd(8), and capitals and dots as directories have them).
    static let loginName = ValueForm.text("a login name") { (text) throws(ValueProblem) in
        let allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-".utf8
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "."),
            text.utf8.count <= 64, text.utf8.allSatisfy({ allowed.contains($0) })
        else { throw .refused("not a login name: letters, digits, '_', '.' and '-', at most 64") }
        return text
    }

    /// A machine to connect to: DNS name, IPv4 or IPv6 address, or a name in the operator's SSH configuration.
    static let networkAddress = ValueForm.text("a name or an address") { (text) throws(ValueProblem) in
        let isIPv6 =
            text.contains(":") && text.utf8.count <= 64 && !text.hasPrefix("-")
            && text.allSatisfy { $0.isHexDigit || ":.%".contains($0) || ($0.isASCII && $0.isLetter) }
        guard isIPv6 || NetworkName.isValid(text) else {
            throw .refused("not the name or address of a machine; port and user have their own keys")
        }
        return text
    }

    private static func url(base: Bool) -> Self {
        ValueForm.text("a URL") { (text) throws(ValueProblem) in
            do throws(WebAddress.Fault) {
                return try WebAddress(text, base: base).text
            } catch {
                throw .refused(error.message)
            }
        }
    }
}

extension ValueForm where Value == HostName {
    /// A host's name in the inventory.
    static let hostName = ValueForm.text("a host name") { (text) throws(ValueProblem) in
        guard let name = HostName(text) else {
            throw .refused("not a host name: lower-case letters, digits, '-' and '.', at most 63")
        }
        return name
    }
}

extension ValueForm where Value: Operand {
    /// A name by the grammar of its operand.
    static var operand: Self {
        ValueForm.text("a name") { (text) throws(ValueProblem) in
            do throws(OperandError) {
                return try Value(text)
            } catch {
                throw .refused(error.description)
            }
        }
    }
}

extension ValueForm where Value == ServiceProbe {
    /// Host and port of a TCP probe.
    static let tcpProbe = ValueForm.text("a host and a port such as 192.168.0.11:8080") { (text) throws(ValueProblem) in
        guard let colon = text.lastIndex(of: ":"), let port = PortNumber.read(text[text.index(after: colon)...]),
            port > 0
        else { throw .mismatch }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        let isIPv6 = isBracketed && !host.isEmpty && host.allSatisfy { $0.isHexDigit || ":.".contains($0) }
        guard isIPv6 || NetworkName.isValid(host) else { throw .mismatch }
        return .tcp(host: String(host), port: port)
    }
}
