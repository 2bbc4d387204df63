// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Why the client did not get a connection, understood from what it said.
enum SSHFailure: Equatable, CustomStringConvertible {
    case hostKeyChanged
    case hostKeyUnknown
    case loginRefused
    case connectionRefused
    case timedOut
    case unreachable
    case nameUnknown
    case other(String)

    /// Looks for the client's own sentences (OpenSSH 7 to 10); the first that fits wins.
    init(standardError text: String) {
        let known: [(String, SSHFailure)] = [
            ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged),
            ("host key is known for", .hostKeyUnknown),
            ("Host key verification failed", .hostKeyUnknown),
            ("Permission denied", .loginRefused),
            ("Too many authentication failures", .loginRefused),
            ("Connection refused", .connectionRefused),
            ("timed out", .timedOut),
            ("No route to host", .unreachable),
            ("Network is unreachable", .unreachable),
            ("Could not resolve hostname", .nameUnknown),
        ]
        self =
            known.first { text.contains($0.0) }?.1
            ?? .other(UntrustedText(Self.lastLine(of: text)).display(limit: 300))
    }

    /// One clause for a person.
    var description: String {
        switch self {
        case .hostKeyChanged: "its host key is not the pinned one (rebuilt, or somebody is in between)"
        case .hostKeyUnknown: "its host key is not pinned"
        case .loginRefused: "it refused the login"
        case .connectionRefused: "it refused the connection"
        case .timedOut: "it did not answer in time"
        case .unreachable: "there is no route to it"
        case .nameUnknown: "its address can't be resolved"
        case .other(let text): text.isEmpty ? "the SSH client ended without a reason" : "the SSH client said: \(text)"
        }
    }

    private static func lastLine(of text: String) -> String {
        text.split(whereSeparator: \.isNewline).last { !$0.isEmpty }.map(String.init) ?? ""
    }
}
