// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore

extension HostsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the inventory's hosts: pinned keys, login shell, guard, and Jarvis' own key.")
        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Print JSON.") var json = false

        private struct Row: Encodable {
            let name: String
            let address: String?
            let user: String?
            let pinnedKeys: [String]
            let loginShell: String?
            let guarding: HostEnrolment.Entry.Guarding
            let keyFile: String?
            let hasKeyFile: Bool

            enum CodingKeys: String, CodingKey {
                case name, address, user, pinnedKeys, loginShell, keyFile, hasKeyFile
                case guarding = "guard"
            }
        }

        func run() async throws {
            let rows = try HostsCommand.enrolment(options).entries().map { entry in
                var endpoint: SSHEndpoint?
                if case .ssh(let found) = entry.host.connection { endpoint = found }
                return Row(
                    name: entry.host.name.text, address: endpoint.map { "\($0.address):\($0.port)" },
                    user: endpoint?.user, pinnedKeys: entry.pinned, loginShell: entry.shell,
                    guarding: entry.guarding, keyFile: entry.key?.path, hasKeyFile: entry.key?.exists ?? false)
            }
            guard !json else { return Console.print(String(decoding: try JSONEncoder().encode(rows), as: UTF8.self)) }
            var table = TextTable(["HOST", "ADDRESS", "USER", "KEYS", "SHELL", "GUARD", "KEY FILE"])
            for row in rows {
                table.add([
                    row.name, row.address ?? "this machine", row.user ?? "-", Self.pinned(row), row.loginShell ?? "-",
                    Self.guarding(row), Self.keyFile(row),
                ])
            }
            Console.print(String(table.render().dropLast()))
        }

        private static func pinned(_ row: Row) -> String {
            guard row.address != nil else { return "-" }
            return row.pinnedKeys.isEmpty
                ? "none: jarvis hosts add \(row.name)" : row.pinnedKeys.joined(separator: ", ")
        }

        private static func guarding(_ row: Row) -> String {
            switch row.guarding {
            case .yes: "yes"
            case .unproven: "yes (not proven)"
            case .no: row.address == nil ? "-" : "no"
            }
        }

        private static func keyFile(_ row: Row) -> String {
            guard row.address != nil else { return "-" }
            guard let path = row.keyFile else { return "none: your own SSH configuration" }
            return row.hasKeyFile ? path : "\(path) (missing)"
        }
    }
}
