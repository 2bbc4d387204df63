// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct GuardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "Run on a host what Jarvis signed and the host's own policy allows; refuse everything else.",
        discussion: """
            The forced command for authorized_keys. For hosts without Jarvis there is the same as a small static program, \
            jarvis-guard. 'jarvis guard help' lists its verbs.
            """)
    @Argument(parsing: .captureForPassthrough, help: "A verb of the guard, with its options.")
    var arguments: [String] = []

    /// For its help only: `main.swift` runs the guard before any thread is started.
    func run() throws { throw CleanExit.helpRequest(self) }
}
