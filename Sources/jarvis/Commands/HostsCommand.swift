// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore
import JarvisHosts

struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts", abstract: "Pin the keys of hosts, and see which are ready.",
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the inventory's hosts.")
        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Print JSON.") var json = false

        private struct Row: Encodable {
            let name: String
            let address: String?
            let user: String?
            let pinnedKeys: [String]
            let loginShell: String?
        }

        func run() async throws {
            let entries = try HostsCommand.enrolment(options).entries()
            let rows = entries.map { entry in
                var endpoint: SSHEndpoint?
                if case .ssh(let found) = entry.host.connection { endpoint = found }
                return Row(
                    name: entry.host.name.text, address: endpoint.map { "\($0.address):\($0.port)" },
                    user: endpoint?.user,
                    pinnedKeys: entry.pinned, loginShell: entry.shell)
            }
            guard !json else { return Console.print(String(decoding: try JSONEncoder().encode(rows), as: UTF8.self)) }
            var table = TextTable(["HOST", "ADDRESS", "USER", "KEYS", "SHELL"])
            for row in rows {
                table.add([
                    row.name, row.address ?? "this machine", row.user ?? "-",
                    row.address == nil
                        ? "-"
                        : row.pinnedKeys.isEmpty
                            ? "none: jarvis hosts add \(row.name)" : row.pinnedKeys.joined(separator: ", "),
                    row.loginShell ?? "-",
                ])
            }
            Console.print(String(table.render().dropLast()))
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a host's key fingerprints, check the login, and pin the keys.",
            discussion:
                "Compare the fingerprints with what the host itself says: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
        )
        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The host's name in the inventory.") var name: String
        @Flag(name: .shortAndLong, help: "The fingerprints were compared already: do not ask.") var yes = false
        @Flag(help: "Replace other keys that are pinned for it.") var replace = false

        func run() async throws {
            do {
                let enrolment = try HostsCommand.enrolment(options)
                let (host, endpoint) = try enrolment.endpoint(of: name)
                let findings = try await enrolment.scan(endpoint)
                Console.print("\(host.name) (\(endpoint.user)@\(endpoint.address):\(endpoint.port)) answers with:")
                for finding in findings { Console.print("  \(finding.key.kind)  \(finding.fingerprint)") }
                if !yes {
                    Console.report("Are these the host's own fingerprints? Type yes:")
                    guard readLine()?.lowercased() == "yes" else {
                        Console.report("nothing was pinned")
                        throw ExitCode.negative
                    }
                }
                let shell = try await enrolment.add(host, endpoint, keys: findings.map(\.key), replace: replace)
                Console.print("pinned; logged in as \(endpoint.user), login shell \(shell)")
            } catch let failure as HostEnrolment.Failure {
                Console.report("jarvis: \(failure)")
                throw ExitCode.negative
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget a host's keys; it can't be reached any more.")
        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The host's name in the inventory.") var name: String

        func run() async throws {
            guard let host = HostName(name), try HostsCommand.enrolment(options).remove(host) else {
                Console.report("jarvis: no keys are pinned for '\(UntrustedText(name).display())'")
                throw ExitCode.negative
            }
            Console.print("forgotten")
        }
    }

    fileprivate static func enrolment(_ options: ConfigurationOptions) throws -> HostEnrolment {
        do {
            return try HostEnrolment(
                configuration: try options.load().configuration, environment: ProcessInfo.processInfo.environment,
                logger: ServerLogger.quiet)
        } catch let error as ServerError {
            Console.report("jarvis: \(error)")
            throw ExitCode.misconfigured
        }
    }
}
