// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What stands on a host so that Jarvis can work there: a user, its one key, the guard, and what runs as root.
///
/// A value; `HostSetupScript` turns it into what root runs on the host. Every part is checked here, so that nothing
/// can be put into a script that is not one of these parts.
package struct HostSetup: Sendable, Equatable {
    /// The host's name in the inventory.
    package let host: HostName
    /// The login that Jarvis uses there.
    package let user: String
    /// The public key that may log in; nil where only something is taken away.
    package let key: HostKey?
    /// The guard's own file; nil: no guard stands there.
    package let guardPolicy: String?
    /// What runs as root; none: no file for sudo.
    package let rules: [SudoRule]

    /// Checks the parts; throws for a login that can't be Jarvis' own, a foreign kind of key or a policy that can't be written.
    package init(
        host: HostName, user: String, key: HostKey?, guardPolicy: String? = nil, rules: [SudoRule] = []
    ) throws(HostSetupError) {
        guard user != "root" else {
            throw HostSetupError(
                "\(host): Jarvis gets a user of its own; set 'user: jarvis' in the configuration, and 'sudo:' for what needs root"
            )
        }
        guard Self.isLogin(user) else {
            throw HostSetupError(
                "\(host): '\(UntrustedText(user).display(limit: 64))' can't be made on a host: lower-case letters, "
                    + "digits, '_', '.' and '-', at most 31, first a letter or '_'")
        }
        guard key == nil || key?.kind == "ssh-ed25519" else {
            throw HostSetupError("\(host): its key is not an Ed25519 key; remove it and enrol the host again")
        }
        if let guardPolicy { try Self.check(policy: guardPolicy, of: host) }
        self.host = host
        self.user = user
        self.key = key
        self.guardPolicy = guardPolicy
        self.rules = rules
    }

    /// Kind and body of the key; empty without one.
    package var keyText: String { key.map { "\($0.kind) \($0.base64)" } ?? "" }

    /// By what the host's authorized_keys tells Jarvis' lines from all others.
    package var mark: String { "jarvis-enrolled:\(host)" }

    /// The file with what runs as root; a name with a dot would be skipped by sudo.
    package var sudoersFile: String { "/etc/sudoers.d/jarvis-" + user.replacing(".", with: "_") }

    /// Ends the policy in the script, so no line of a policy may be it.
    static let endOfPolicy = "END_OF_POLICY"

    private static func check(policy: String, of host: HostName) throws(HostSetupError) {
        guard policy.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x09 }),
            policy.hasSuffix("\n"), policy.utf8.count <= 1 << 18,
            !policy.split(separator: "\n").contains(where: { $0 == endOfPolicy })
        else {
            throw HostSetupError(
                "\(host): the policy file holds characters outside of ASCII, or is too long; a guard can't be given it")
        }
    }

    /// What useradd(8) and adduser take everywhere, and sudoers(5) takes for no alias.
    private static func isLogin(_ name: String) -> Bool {
        guard (1...31).contains(name.utf8.count), let first = name.utf8.first else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        return (isLetter(first) || first == UInt8(ascii: "_"))
            && name.utf8.allSatisfy {
                isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "_.-".utf8.contains($0)
            }
    }
}
