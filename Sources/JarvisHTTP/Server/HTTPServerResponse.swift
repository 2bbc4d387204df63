// SPDX-License-Identifier: Apache-2.0

/// What a handler answers.
///
/// The server itself writes `Content-Length`, `Connection` and `Date`; fields of these names, of `Transfer-Encoding`
/// and of `Upgrade` are ignored. It adds `X-Content-Type-Options: nosniff` and `Cache-Control: no-store` unless the
/// handler has set them. A field that is not valid turns the whole response into a 500.
package struct HTTPServerResponse: Sendable, Equatable {
    package var status: HTTPStatus
    package var headers: HTTPHeaderFields
    package var body: [UInt8]

    /// Creates a response.
    package init(status: HTTPStatus, headers: HTTPHeaderFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response of JSON text that is already encoded.
    package static func json(status: HTTPStatus = .ok, _ bytes: [UInt8]) -> HTTPServerResponse {
        HTTPServerResponse(status: status, headers: ["Content-Type": "application/json"], body: bytes)
    }

    /// A response of plain text in UTF-8.
    package static func text(status: HTTPStatus = .ok, _ text: String) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// An error for programs: `{"error":"<message>"}`.
    package static func error(
        _ status: HTTPStatus, _ message: String, headers: HTTPHeaderFields = [:]
    ) -> HTTPServerResponse {
        var response = json(status: status, jsonErrorBody(message))
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return response
    }

    private static func jsonErrorBody(_ message: String) -> [UInt8] {
        var bytes = Array(#"{"error":""#.utf8)
        let digits = Array("0123456789abcdef".utf8)
        for byte in message.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                bytes += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            default:
                bytes.append(byte)
            }
        }
        return bytes + Array(#""}"#.utf8)
    }
}
