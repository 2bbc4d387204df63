// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

/// The line of authorized_keys(5) that ties a key of Jarvis to the guard.
enum AuthorizedKey {
    private static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]

    /// The line for a public key file; throws when the file is no single public key.
    static func line(publicKey text: String, command: String) throws(GuardError) -> String {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        guard lines.count == 1, let words = lines.first?.split(separator: " "), words.count >= 2,
            types.contains(String(words[0])), let body = Base64.decode(words[1])
        else { throw GuardError("it is no public key: give the .pub file of the key that Jarvis logs in with") }
        // The body says its own type; a key under a false name is refused.
        let name = Array(words[0].utf8)
        guard body.starts(with: [0, 0, 0, UInt8(name.count)] + name) else {
            throw GuardError("its type and its content differ")
        }
        guard
            command.utf8.allSatisfy({
                (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            })
        else { throw GuardError("a path holds a character that authorized_keys would interpret") }
        return "restrict,command=\"\(command)\" \(words[0]) \(words[1]) jarvis"
    }
}
