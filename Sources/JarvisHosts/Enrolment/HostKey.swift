// SPDX-License-Identifier: Apache-2.0

/// One public key of a host, as sshd(8) describes it for known_hosts.
package struct HostKey: Sendable, Hashable {
    /// Its kind, such as `ssh-ed25519`.
    package let kind: String
    /// The key in base64.
    package let base64: String

    /// Accepts a kind and key that can stand in a known_hosts file; nil for everything else.
    package init?(kind: String, base64: String) {
        guard Self.kinds.contains(kind), (16...16_384).contains(base64.utf8.count),
            base64.utf8.allSatisfy(Self.isBase64)
        else { return nil }
        self.kind = kind
        self.base64 = base64
    }

    /// Understands `NAME KIND KEY [COMMENT]`; nil for comments, markers (`@…`) and everything else.
    package init?(line: some StringProtocol) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count >= 3, !words[0].hasPrefix("#"), !words[0].hasPrefix("@") else { return nil }
        self.init(kind: String(words[1]), base64: String(words[2]))
    }

    private static let kinds: Set<String> = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
