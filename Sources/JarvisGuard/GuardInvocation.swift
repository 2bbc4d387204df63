// SPDX-License-Identifier: Apache-2.0

/// As what the guard was started: alone, or as a subcommand of `jarvis`.
package struct GuardInvocation: Sendable, Equatable {
    /// Where the program usually lies.
    package let program: String
    /// What stands between the program and the verb.
    package let words: [String]

    /// The small static program for hosts.
    package static let alone = GuardInvocation(program: "/usr/local/sbin/jarvis-guard", words: [])
    /// `jarvis guard`, on a machine where Jarvis is installed anyway.
    package static let ofJarvis = GuardInvocation(program: "/usr/local/bin/jarvis", words: ["guard"])
}
