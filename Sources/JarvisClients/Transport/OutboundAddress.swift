// SPDX-License-Identifier: Apache-2.0
import CCurl

/// An address that has been read by libcurl's own URL parser, so that nothing is understood differently later.
struct OutboundAddress: Sendable, Equatable {
    let url: String
    let scheme: String
    let peer: Peer

    /// Reads an absolute http or https address; the fragment is dropped.
    init(_ text: String) throws(TransportError) {
        do throws(AddressProblem) {
            try self.init(text, relativeTo: nil)
        } catch {
            throw TransportError.invalidRequest(error.asInvalidRequest)
        }
    }

    /// Reads the target of a redirect, which may be relative.
    func redirected(to location: String) throws(TransportError) -> OutboundAddress {
        do throws(AddressProblem) {
            let target = try OutboundAddress(location, relativeTo: url)
            guard target.scheme == scheme else { throw .scheme }
            return target
        } catch {
            throw TransportError.redirectRefused(error.asRedirectRefusal, peer)
        }
    }

    private init(_ text: String, relativeTo base: String?) throws(AddressProblem) {
        // libcurl takes a C string: a NUL would cut the address where a reader of the text does not see a cut.
        // A backslash is a slash to some readers and not to others.
        guard !text.isEmpty, text.utf8.count <= 16_384,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else { throw .malformed }
        let parts = URLParts()
        if let base {
            guard parts.set(CURLUPART_URL, base) == CURLUE_OK else { throw .malformed }
        } else {
            // libcurl forgives one slash or three; what stands after three is a path to everyone else.
            let afterScheme = text.drop { $0 != ":" }
            guard !afterScheme.hasPrefix(":///"), afterScheme.hasPrefix("://") else {
                throw afterScheme.isEmpty || afterScheme.hasPrefix(":/") ? .malformed : .scheme
            }
        }
        switch parts.set(CURLUPART_URL, text) {
        case CURLUE_OK: break
        case CURLUE_USER_NOT_ALLOWED: throw .userInfo
        case CURLUE_UNSUPPORTED_SCHEME, CURLUE_BAD_SCHEME: throw .scheme
        default: throw .malformed
        }
        guard let scheme = parts.get(CURLUPART_SCHEME)?.lowercased(), ["http", "https"].contains(scheme) else {
            throw .scheme
        }
        guard parts.set(CURLUPART_FRAGMENT, nil) == CURLUE_OK, let url = parts.get(CURLUPART_URL),
            var host = parts.get(CURLUPART_HOST)?.lowercased(),
            let port = parts.get(CURLUPART_PORT).flatMap({ Int($0) })
        else { throw .malformed }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, (1...65_535).contains(port) else { throw .malformed }
        self.url = url
        self.scheme = scheme
        peer = Peer(host: host, port: port)
    }
}

private enum AddressProblem: Error {
    case malformed, scheme, userInfo

    var asInvalidRequest: TransportError.InvalidRequest {
        switch self {
        case .malformed: .url
        case .scheme: .scheme
        case .userInfo: .userInfo
        }
    }

    var asRedirectRefusal: TransportError.RedirectRefusal {
        switch self {
        case .malformed: .malformed
        case .scheme: .scheme
        case .userInfo: .userInfo
        }
    }
}

/// libcurl's URL handle for the time of one parse.
private final class URLParts {
    private let handle = curl_url()

    deinit { curl_url_cleanup(handle) }

    func set(_ part: CURLUPart, _ text: String?) -> CURLUcode {
        curl_url_set(handle, part, text, UInt32(CURLU_DISALLOW_USER))
    }

    func get(_ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
