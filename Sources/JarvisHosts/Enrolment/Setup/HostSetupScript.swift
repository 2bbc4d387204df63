// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// A script for root on a host; complete in itself, and safe to run again.
package struct HostSetupScript: Sendable, Equatable {
    /// What it does.
    package enum Purpose: String, Sendable, CaseIterable {
        /// Makes everything stand as `HostSetup` says, whatever stood before.
        case install
        /// Lets a further key log in.
        case addKey
        /// Lets no other key of Jarvis' log in any more.
        case keepKey
        /// Takes every right away; user and files stay.
        case revoke
        /// Takes everything away that `install` made.
        case remove
    }

    /// What it does.
    package let purpose: Purpose
    /// The whole text.
    package let text: String
    /// Whether `jarvis-guard` must lie beside it.
    package let needsGuardProgram: Bool

    /// Prints a script.
    package init(_ purpose: Purpose, _ setup: HostSetup) {
        self.purpose = purpose
        needsGuardProgram = purpose == .install && setup.guardPolicy != nil
        let functions = Self.functions(purpose, setup)
        let uses = { (name: String) in functions.contains { $0.contains("$\(name)") } }
        let parts = [Self.head(purpose, setup), Self.values(setup, uses)] + Self.policy(purpose, setup) + functions
        text = parts.joined(separator: "\n\n") + "\n"
    }

    private static func functions(_ purpose: Purpose, _ setup: HostSetup) -> [String] {
        let common = [SetupShell.foundation, SetupShell.login]
        switch purpose {
        case .install:
            return common + [SetupShell.making, SetupShell.account, SetupShell.keyLine]
                + [
                    SetupShell.guardProgram, SetupShell.sudo, sudo(setup), SetupShell.sessions, SetupShell.otherKeys,
                    SetupShell.install,
                ]
        case .addKey: return common + [SetupShell.keyLine, SetupShell.addKey]
        case .keepKey: return common + [SetupShell.otherKeys, SetupShell.keepKey]
        case .revoke:
            return common + [SetupShell.sessions, SetupShell.rightsAway, SetupShell.otherKeys, SetupShell.revoke]
        case .remove: return common + [SetupShell.sessions, SetupShell.rightsAway, SetupShell.remove]
        }
    }

    private static func head(_ purpose: Purpose, _ setup: HostSetup) -> String {
        var lines = ["#!/bin/sh", "# \(summary(purpose, setup))", "# Run it as root on \(setup.host): sh setup"]
        if purpose == .install, setup.guardPolicy != nil {
            lines.append("# The guard lies beside it as jarvis-guard: from make guard, on a machine of the same kind.")
        }
        return lines.joined(separator: "\n")
    }

    private static func summary(_ purpose: Purpose, _ setup: HostSetup) -> String {
        switch purpose {
        case .install: "Makes \(setup.host) ready for Jarvis."
        case .addKey: "Lets a further key of Jarvis log in on \(setup.host)."
        case .keepKey: "Lets one key of Jarvis log in on \(setup.host), and no other."
        case .revoke: "Takes every right of Jarvis on \(setup.host) away."
        case .remove: "Takes away from \(setup.host) what enrolment made there."
        }
    }

    /// Only the values that the script uses.
    private static func values(_ setup: HostSetup, _ uses: (String) -> Bool) -> String {
        let values = [
            ("name", setup.host.text), ("user", setup.user), ("user_pattern", pattern(setup.user)),
            ("public_key", setup.keyText), ("key_pattern", pattern(setup.keyText)), ("marker", setup.mark),
            ("mark_pattern", pattern(setup.mark)), ("guarded", setup.guardPolicy == nil ? "" : "yes"),
            ("sudoers", setup.sudoersFile), ("wants_sudo", setup.rules.isEmpty ? "" : "yes"),
        ]
        let lines = [
            "set -eu", "umask 022", "LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "export LC_ALL PATH", "[ \"$(id -u)\" = 0 ] || { echo 'jarvis: this must run as root' >&2; exit 1; }",
        ]
        let place = uses("here") ? ["case $0 in */*) here=${0%/*} ;; *) here=. ;; esac"] : []
        let assignments = values.filter { uses($0.0) }.map { "\($0.0)=\(ShellQuoting.quote($0.1))" }
        return (lines + place + [""] + assignments).joined(separator: "\n")
    }

    private static func policy(_ purpose: Purpose, _ setup: HostSetup) -> [String] {
        guard purpose == .install else { return [] }
        guard let policy = setup.guardPolicy else { return ["policy() { :; }"] }
        let end = HostSetup.endOfPolicy
        return ["# /etc/jarvis-guard/policy\npolicy() {\ncat <<'\(end)'\n\(policy)\(end)\n}"]
    }

    private static func sudo(_ setup: HostSetup) -> String {
        let rules = setup.rules.map {
            "rule \(ShellQuoting.quote($0.program)) \(ShellQuoting.quote($0.escapedArguments))"
        }
        let checks = setup.rules.map { "sudo_takes \(ShellQuoting.command($0.words))" }
        func function(_ name: String, _ lines: [String]) -> String {
            "\(name)() {\n" + (lines.isEmpty ? [":"] : lines).map { "    \($0)\n" }.joined() + "}"
        }
        return "# \(setup.sudoersFile)\n" + function("rules", rules) + "\n\n" + function("verify_rules", checks)
    }

    /// A basic regular expression that matches `text` alone, for sed and grep.
    private static func pattern(_ text: String) -> String {
        text.replacing(".", with: "[.]").replacing("/", with: "\\/")
    }
}
