// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// A request head that has passed every check that needs no route.
///
/// The parser has its own checks; these do not rely on them, since releases of it differ in what they let through.
struct RequestHead: Sendable, Equatable {
    /// How the content is delimited.
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    let method: HTTPRequestMethod
    let target: RequestTarget
    let headers: HTTPHeaderFields
    let framing: Framing

    /// The client waits for `100 Continue` before it sends the content.
    let expectsContinue: Bool

    /// The connection ends with this exchange.
    let closesConnection: Bool

    /// Validates a parsed head, or throws the refusal to answer with; the connection must then be closed.
    init(_ head: HTTPRequestHead, configuration: HTTPServerConfiguration) throws(HTTPRejection) {
        let fields = HTTPHeaderFields(head.headers.map { ($0.name, $0.value) })
        try Self.checkSize(of: head, limit: configuration.maximumHeaderBytes)
        guard head.version == .http1_1 || head.version == .http1_0 else {
            throw HTTPRejection(.versionNotSupported, "HTTP/1.1 is spoken here")
        }
        guard fields.fields.allSatisfy(\.isValid) else {
            throw HTTPRejection(.badRequest, "a header field is invalid")
        }
        guard let method = HTTPRequestMethod(rawValue: head.method.rawValue) else {
            throw HTTPRejection(.notImplemented, "method not implemented")
        }
        try Self.checkHost(fields.values(of: "Host"), isRequired: head.version == .http1_1)
        framing = try Self.framing(of: fields, version: head.version)
        expectsContinue = try Self.expectation(of: fields, version: head.version) && framing != .none
        target = try RequestTarget(head.uri, maximumLength: configuration.maximumTargetBytes)
        // After an offer to upgrade the parser reads nothing more, and HTTP/1.0 clients rarely mean to stay.
        closesConnection =
            head.version == .http1_0 || fields.elements(of: "Connection").contains("close")
            || fields["Upgrade"] != nil
        self.method = method
        headers = fields
    }

    private static func checkSize(of head: HTTPRequestHead, limit: Int) throws(HTTPRejection) {
        // Each field line has a colon, a blank and a line end; the request line two blanks, a version and a line end.
        let lines = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard lines + head.uri.utf8.count + head.method.rawValue.utf8.count + 12 <= limit else {
            throw HTTPRejection.headerTooLarge(limit: limit)
        }
    }

    private static func checkHost(_ hosts: [String], isRequired: Bool) throws(HTTPRejection) {
        guard hosts.count == 1 || (hosts.isEmpty && !isRequired) else {
            throw HTTPRejection(.badRequest, "exactly one Host field is required")
        }
        guard let host = hosts.first else { return }
        let allowed = Set("-._~:[]%".utf8)
        guard !host.isEmpty, host.utf8.allSatisfy({ $0.isAlphanumeric || allowed.contains($0) }) else {
            throw HTTPRejection(.badRequest, "the Host field is invalid")
        }
    }

    private static func framing(
        of fields: HTTPHeaderFields, version: HTTPVersion
    ) throws(HTTPRejection) -> Framing {
        let codings = fields.values(of: "Transfer-Encoding")
        let lengths = fields.values(of: "Content-Length")
        guard codings.isEmpty || lengths.isEmpty else {
            throw HTTPRejection(.badRequest, "Transfer-Encoding and Content-Length exclude each other")
        }
        if !codings.isEmpty {
            guard version == .http1_1 else {
                throw HTTPRejection(.badRequest, "Transfer-Encoding needs HTTP/1.1")
            }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw HTTPRejection(.notImplemented, "only the transfer coding chunked is implemented")
            }
            return .chunked
        }
        guard let text = lengths.first else { return .none }
        guard lengths.count == 1, text.utf8.allSatisfy(\.isDigit), let length = Int(text) else {
            throw HTTPRejection(.badRequest, "Content-Length is invalid")
        }
        return length == 0 ? .none : .length(length)
    }

    private static func expectation(
        of fields: HTTPHeaderFields, version: HTTPVersion
    ) throws(HTTPRejection) -> Bool {
        // A 1.0 client cannot understand an interim response; its expectation is ignored (RFC 9110, section 10.1.1).
        guard version == .http1_1 else { return false }
        let expectations = fields.elements(of: "Expect")
        guard expectations.allSatisfy({ $0 == "100-continue" }) else {
            throw HTTPRejection(.expectationFailed, "the expectation cannot be met")
        }
        return !expectations.isEmpty
    }
}

extension HTTPRejection {
    /// The refusal of a head, a trailer or a chunk line above the limit.
    static func headerTooLarge(limit: Int) -> HTTPRejection {
        HTTPRejection(.requestHeaderFieldsTooLarge, "header fields take more than \(limit) bytes")
    }

    /// The refusal of content above a limit.
    static func contentTooLarge(limit: Int) -> HTTPRejection {
        HTTPRejection(.contentTooLarge, "the content is longer than \(limit) bytes")
    }

    /// The refusal for what the parser could not read.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow: self.init(.requestHeaderFieldsTooLarge, "a header field is too long")
        case .invalidVersion: self.init(.versionNotSupported, "HTTP/1.1 is spoken here")
        default: self.init(.badRequest, "the request is not valid HTTP")
        }
    }
}
