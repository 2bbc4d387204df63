// SPDX-License-Identifier: Apache-2.0
extension OutboundRequest {
    /// Refuses what must not be sent; the address is checked by `OutboundAddress`.
    func validate() throws(TransportError) {
        guard timeouts.connect > .zero, timeouts.total > .zero else { throw .invalidRequest(.timeout) }
        if let pace = timeouts.pace, pace.bytesPerSecond <= 0 || pace.patience < .seconds(1) {
            throw .invalidRequest(.timeout)
        }
        guard maximumResponseBytes >= 0 else { throw .invalidRequest(.sizeLimit) }
        if body != nil, method == .get || method == .head { throw .invalidRequest(.body) }
        if case .authorities(let file) = trust, file.isEmpty || file.utf8.contains(0) {
            throw .invalidRequest(.trustFile)
        }
        for header in headers { try header.validate() }
    }
}

extension OutboundHeader {
    /// Headers that decide where a message ends or where it goes; two opinions about them are a vulnerability.
    private static let reserved: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    fileprivate func validate() throws(TransportError) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte) else { throw .invalidRequest(.header) }
        guard !Self.reserved.contains(name.lowercased()) else { throw .invalidRequest(.reservedHeader) }
        guard value.text.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw .invalidRequest(.header)
        }
    }
}

extension UInt8 {
    /// Whether RFC 9110 allows the byte in a token.
    fileprivate var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
