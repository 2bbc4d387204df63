// SPDX-License-Identifier: Apache-2.0

/// A request target in origin form, validated and decoded (RFC 9112, section 3.2.1).
///
/// Strict, because whatever two readers understand differently is a way around the one that checks: no other form,
/// no byte outside visible ASCII, no fragment, no backslash, no broken escape, no dot segment however it is spelt, and
/// nothing in a segment that would be a separator, a control character or invalid UTF-8 once decoded.
package struct RequestTarget: Sendable, Equatable {
    /// The path as it was sent.
    package let path: String

    /// The decoded segments; empty for `/`, with an empty last one after a trailing slash.
    package let segments: [String]

    /// The decoded query; `+` is a space, as in forms.
    package let query: [HTTPQueryItem]

    /// Reads a target, or throws the 400 or 414 to answer with.
    package init(_ text: String, maximumLength: Int = 8192) throws(HTTPRejection) {
        let bytes = text.utf8
        guard bytes.count <= maximumLength else {
            throw HTTPRejection(.uriTooLong, "the request target is longer than \(maximumLength) bytes")
        }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") })
        else { throw Self.invalid }
        guard bytes.first == UInt8(ascii: "/") else { throw Self.invalid }

        let parts = bytes.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = String(Substring(parts[0]))
        segments = try Self.segments(of: parts[0].dropFirst())
        query = parts.count == 2 ? try Self.items(of: parts[1]) : []
    }

    private static var invalid: HTTPRejection { HTTPRejection(.badRequest, "the request target is invalid") }

    private static func segments(of path: Substring.UTF8View) throws(HTTPRejection) -> [String] {
        if path.isEmpty { return [] }
        var segments: [String] = []
        for raw in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let segment = try decode(raw, plusIsSpace: false)
            let isPlain = segment.utf8.allSatisfy {
                $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
            }
            guard isPlain, segment != ".", segment != ".." else { throw invalid }
            segments.append(segment)
        }
        return segments
    }

    private static func items(of query: Substring.UTF8View) throws(HTTPRejection) -> [HTTPQueryItem] {
        var items: [HTTPQueryItem] = []
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decode(sides[0], plusIsSpace: true)
            let value = sides.count == 2 ? try decode(sides[1], plusIsSpace: true) : ""
            items.append(HTTPQueryItem(name: name, value: value))
        }
        return items
    }

    private static func decode(_ raw: Substring.UTF8View, plusIsSpace: Bool) throws(HTTPRejection) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var rest = raw[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else { throw invalid }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(0x20)
            default:
                bytes.append(byte)
            }
        }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw invalid }
        return text
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
