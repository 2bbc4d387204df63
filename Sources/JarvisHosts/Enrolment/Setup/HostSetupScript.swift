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
        let parts: [String] =
            [Self.head(purpose, setup), Self.values(purpose, setup), SetupShell.foundation, SetupShell.account]
            + (purpose == .install ? [SetupShell.guardProgram, SetupShell.sudo, Self.sudo(setup)] : [])
            + [Self.verb(purpose)]
        text = parts.joined(separator: "\n\n") + "\n"
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

    private static func values(_ purpose: Purpose, _ setup: HostSetup) -> String {
        func assign(_ name: String, _ value: String) -> String { "\(name)=\(ShellQuoting.quote(value))" }
        let key = setup.keyText
        var lines = [
            "set -eu", "umask 022", "LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "export LC_ALL PATH", "case $0 in */*) here=${0%/*} ;; *) here=. ;; esac", "",
            assign("name", setup.host.text), assign("user", setup.user), assign("user_pattern", pattern(setup.user)),
            assign("key", key), assign("key_pattern", pattern(key)), assign("mark", setup.mark),
            assign("mark_pattern", pattern(setup.mark)), assign("guarded", setup.guardPolicy == nil ? "" : "yes"),
            assign("sudoers", setup.sudoersFile), assign("wants_sudo", setup.rules.isEmpty ? "" : "yes"),
        ]
        if purpose == .install, let policy = setup.guardPolicy {
            lines += [
                "", "# /etc/jarvis-guard/policy", "policy() {",
                "cat <<'\(HostSetup.endOfPolicy)'\n\(policy)\(HostSetup.endOfPolicy)", "}",
            ]
        }
        return lines.joined(separator: "\n")
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

    private static func verb(_ purpose: Purpose) -> String {
        switch purpose {
        case .install: SetupShell.install
        case .addKey: SetupShell.addKey
        case .keepKey: SetupShell.keepKey
        case .revoke: SetupShell.revoke
        case .remove: SetupShell.remove
        }
    }

    /// A basic regular expression that matches `text` alone, for sed and grep.
    private static func pattern(_ text: String) -> String {
        text.replacing(".", with: "[.]").replacing("/", with: "\\/")
    }
}
