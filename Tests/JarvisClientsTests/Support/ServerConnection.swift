// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A request as it arrived, for looking at.
struct ArrivedRequest: Sendable {
    let line: String
    let head: String
    let body: String

    var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name.lowercased() { return parts[1].trimmed }
        }
        return nil
    }
}

extension Substring {
    var trimmed: String { String(drop { $0 == " " }) }
}

/// The server's end of one connection; blocking, used on its own thread.
struct ServerConnection: Sendable {
    let descriptor: Int32

    /// Reads one request, body included; nil when the client has closed.
    func readRequest() -> ArrivedRequest? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while !bytes.suffix(4).elementsEqual(end) {
            guard let byte = read(1)?.first else { return nil }
            bytes.append(byte)
        }
        let head = String(decoding: bytes, as: UTF8.self)
        let line = String(head.prefix { $0 != "\r\n" })
        let bare = ArrivedRequest(line: line, head: head, body: "")
        let length = bare.header("Content-Length").flatMap { Int($0) } ?? 0
        var body: [UInt8] = []
        while body.count < length {
            guard let part = read(length - body.count) else { return nil }
            body += part
        }
        return ArrivedRequest(line: line, head: head, body: String(decoding: body, as: UTF8.self))
    }

    /// Reads until the client closes.
    func waitForClose() { while read(4096) != nil {} }

    private func read(_ count: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &buffer, count, 0)
        return got > 0 ? Array(buffer.prefix(got)) : nil
    }

    /// Writes everything; false when the client is gone.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    func respond(_ status: String = "200 OK", headers: String = "", body: String = "hello") {
        send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Ends the connection in both directions without closing the descriptor, which is the server's to close.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Makes the following close a reset instead of an orderly end.
    func closeWillReset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
