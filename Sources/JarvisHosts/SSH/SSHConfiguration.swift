// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// The client configuration file (ssh_config(5)) of one host.
///
/// `ssh` keeps the first value it finds for each option, so everything that must hold stands before the operator's
/// own files. Each host has a file of its own: its section can be named by the address alone, so that the operator's
/// `Host` blocks for that address (jump hosts, certificates, keys) still apply, and two hosts never share a section.
package struct SSHConfiguration: Sendable, Equatable {
    /// The whole file.
    package let text: String

    /// Checks every value, then prints the file; throws when a value can't be written safely.
    ///
    /// Host keys are looked up under the host's name in the inventory, and only in the pinned file. Jump hosts of the
    /// operator's own keep the operator's known hosts, also strictly.
    package init(host: HostName, endpoint: SSHEndpoint, settings: SSHSettings) throws(SSHConfigurationError) {
        try SSHConfigurationError.check(address: endpoint.address)
        try SSHConfigurationError.check(user: endpoint.user)
        guard (1...65535).contains(endpoint.port) else {
            throw SSHConfigurationError(field: .port, reason: "it is not between 1 and 65535")
        }
        var lines = ["# Written by Jarvis for \(host); every start replaces it."]
        // Options that older or other clients do not know must not make them refuse the file.
        lines += ["IgnoreUnknown SessionType,ForkAfterAuthentication,StdinNull,EnableEscapeCommandline,UseKeychain"]
        lines += ["Host \(endpoint.address)", "    Port \(endpoint.port)", "    User \(endpoint.user)"]
        lines += ["    HostKeyAlias \(host)"]
        lines += ["    UserKnownHostsFile \(try Self.quoted(settings.knownHostsFile, .knownHostsFile))"]
        lines += ["    GlobalKnownHostsFile none"]
        if let identity = endpoint.identityFile {
            lines += ["    IdentityFile \(try Self.quoted(identity, .identityFile))", "    IdentitiesOnly yes"]
        }
        lines += ["    RequestTTY no", "    SessionType default", "    RemoteCommand none"]
        lines += ["Host *"]
        lines += Self.forced.map { "    \($0)" }
        lines += ["    ConnectTimeout \(settings.connectSeconds)"]
        lines += ["    ServerAliveInterval \(settings.aliveSeconds)", "    ServerAliveCountMax \(settings.aliveCount)"]
        for path in settings.includedConfigurations {
            lines += ["    Include \(try Self.quoted(path, .includedConfiguration))"]
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// Holds for every connection, jump hosts included.
    ///
    /// The control socket is named on the command line.
    private static let forced = [
        "BatchMode yes", "NumberOfPasswordPrompts 0", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
        "StrictHostKeyChecking yes", "UpdateHostKeys no", "CheckHostIP no", "VerifyHostKeyDNS no",
        "ControlMaster no", "ControlPath none", "ControlPersist no", "ConnectionAttempts 1", "TCPKeepAlive yes",
        "ClearAllForwardings yes", "ForwardAgent no", "ForwardX11 no", "ForwardX11Trusted no", "Tunnel no",
        "PermitLocalCommand no", "AddKeysToAgent no", "ForkAfterAuthentication no", "StdinNull no",
        "EscapeChar none", "EnableEscapeCommandline no", "LogLevel ERROR",
    ]

    /// An absolute path in double quotes.
    ///
    /// The file format has no escape that all versions share, `%` and `$` are expanded in paths and `Include` takes
    /// patterns, so a path with any of these is refused instead.
    private static func quoted(
        _ path: String, _ field: SSHConfigurationError.Field
    ) throws(SSHConfigurationError) -> String {
        guard path.hasPrefix("/") else {
            throw SSHConfigurationError(field: field, reason: "it is not an absolute path")
        }
        let refused = "\"\\%$*?[]~#".utf8
        guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && !refused.contains($0) }) else {
            throw SSHConfigurationError(
                field: field, reason: "it holds a character that SSH's configuration would interpret")
        }
        return "\"\(path)\""
    }
}

/// Which value of a host can't be written into a client configuration, and why.
package struct SSHConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The values that are checked.
    package enum Field: String, Sendable {
        case address, port, user
        case identityFile = "identity file"
        case knownHostsFile = "known hosts file"
        case includedConfiguration = "included SSH configuration"
    }

    /// The value.
    package let field: Field
    /// What is wrong, without repeating it.
    package let reason: String

    /// One sentence.
    package var description: String { "the \(field.rawValue) can't be used: \(reason)" }

    static func check(address: String) throws(SSHConfigurationError) {
        // A leading `-` would be an option; `*`, `?`, `!` and `,` are patterns; blanks end the word.
        let isAllowed = isLetterOrDigit(orOneOf: "._:-")
        guard (1...253).contains(address.utf8.count), address.utf8.first != UInt8(ascii: "-"),
            address.utf8.allSatisfy(isAllowed)
        else { throw SSHConfigurationError(field: .address, reason: "it is not a name or an address") }
    }

    static func check(user: String) throws(SSHConfigurationError) {
        let isAllowed = isLetterOrDigit(orOneOf: "._-@+")
        guard (1...64).contains(user.utf8.count), user.utf8.first != UInt8(ascii: "-"), user.utf8.allSatisfy(isAllowed)
        else { throw SSHConfigurationError(field: .user, reason: "it is not a login name") }
    }

    private static func isLetterOrDigit(orOneOf others: String) -> (UInt8) -> Bool {
        { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: others.utf8.contains(byte)
            }
        }
    }
}
