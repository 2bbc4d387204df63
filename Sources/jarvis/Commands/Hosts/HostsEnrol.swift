// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisHosts

extension HostsCommand {
    struct Enrol: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a host ready: user, key, guard, and entries for sudo, as the inventory declares it.",
            discussion: """
                What the host's entry in the configuration says is what stands there afterwards: 'user', 'guarded',
                'sudo', 'containers', 'units'. Run it again after you changed that. You log in there yourself, with your
                own SSH configuration and agent; Jarvis only believes the pinned host key.

                By hand, without a login for Jarvis: run it with --show, copy what it prints to the host as 'setup', and
                for a guarded host .build/guard/jarvis-guard beside it; run 'sh setup' there as root; then 'jarvis hosts
                add NAME' here.
                """)
        @OptionGroup var options: AdminOptions
        @Option(help: "The static guard for the host's kind of machine (default: .build/guard/jarvis-guard).")
        var guardBinary: String?

        func run() async throws {
            try await options.undertake(.enrol) { plan in
                guard plan.scripts.contains(where: \.needsGuardProgram) else { return nil }
                let path = guardBinary ?? ".build/guard/jarvis-guard"
                do throws(BoundedFile.ReadError) {
                    return try BoundedFile.read(path, limit: 64 << 20).bytes
                } catch {
                    throw HostEnrolment.Failure(
                        description:
                            "the guard \(path): \(error.message); build it with 'make guard' on a machine of the "
                            + "host's kind, and name it with --guard-binary")
                }
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace the key that Jarvis has for a host.",
            discussion: """
                The old key works until a login with the new one has succeeded. Whatever fails on the way, one of the
                two keeps working, and the message says which.
                """)
        @OptionGroup var options: AdminOptions

        func run() async throws { try await options.undertake(.rotate) }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take every right of Jarvis on a host away, and end what it runs there.",
            discussion: """
                For a key that may be stolen: afterwards neither it nor Jarvis can do anything there. The user and its
                files stay; 'jarvis hosts enrol' gives the rights back with a new key.
                """)
        @OptionGroup var options: AdminOptions

        func run() async throws { try await options.undertake(.revoke) }
    }
}
