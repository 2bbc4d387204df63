// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A response as the bytes of the wire, handed out piece by piece so that a slow peer costs no second copy of it.
struct OutgoingResponse {
    /// The most that lies in the channel's write buffer at a time.
    static let pieceLength = 64 * 1024

    /// The connection ends after this response.
    let closesConnection: Bool

    private let head: String
    private let content: [UInt8]
    private var sentContent = 0
    private var isHeadSent = false

    /// Prepares a response.
    ///
    /// - Parameters:
    ///   - method: Of the request, since HEAD gets no content; `nil` when unknown.
    ///   - now: Seconds since 1970.
    init(_ response: HTTPServerResponse, method: HTTPRequestMethod?, closesConnection: Bool, now: Int) {
        let isBare = response.status.forbidsContent
        var head = "HTTP/1.1 \(response.status.rawValue) \(response.status.reason)\r\n"
        for field in response.headers.fields where !Self.isReserved(field.name) {
            head += "\(field.name): \(field.value)\r\n"
        }
        if response.headers["X-Content-Type-Options"] == nil { head += "X-Content-Type-Options: nosniff\r\n" }
        if response.headers["Cache-Control"] == nil { head += "Cache-Control: no-store\r\n" }
        if !isBare { head += "Content-Length: \(response.body.count)\r\n" }
        if closesConnection { head += "Connection: close\r\n" }
        head += "Date: \(HTTPDate.format(secondsSince1970: now))\r\n\r\n"
        self.head = head
        self.closesConnection = closesConnection
        content = isBare || method == .head ? [] : response.body
    }

    /// The next bytes to write; `nil` when there are no more.
    mutating func nextPiece(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
        let length = min(Self.pieceLength, content.count - sentContent)
        guard length > 0 || !isHeadSent else { return nil }
        var piece = allocator.buffer(capacity: length + (isHeadSent ? 0 : head.utf8.count))
        if !isHeadSent { piece.writeString(head) }
        piece.writeBytes(content[sentContent..<sentContent + length])
        isHeadSent = true
        sentContent += length
        return piece
    }

    /// Fields that frame the message or rule the connection are the server's alone.
    private static func isReserved(_ name: String) -> Bool {
        switch name.lowercased() {
        case "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "date": true
        default: false
        }
    }
}
