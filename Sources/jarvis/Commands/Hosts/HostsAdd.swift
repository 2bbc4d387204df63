// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore
import JarvisHosts

extension HostsCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a host's key fingerprints, check the login, and pin the keys.",
            discussion: """
                For a host that is ready already: the login must run commands, and on a host with 'guarded: true' it must
                be the guard that answers. 'jarvis hosts enrol' makes a host ready.
                """)
        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The host's name in the inventory.") var name: String
        @Flag(name: .shortAndLong, help: "The fingerprints were compared already: do not ask.") var yes = false
        @Flag(help: "Replace other keys that are pinned for it.") var replace = false

        func run() async throws {
            try await HostsCommand.reporting {
                let enrolment = try HostsCommand.enrolment(options)
                let (host, endpoint) = try enrolment.endpoint(of: name)
                let keys = try await HostsCommand.comparedKeys(host, endpoint, enrolment, yes: yes)
                let sentences = try await enrolment.add(host, endpoint, keys: keys, replace: replace)
                for sentence in ["pinned"] + sentences { Console.print(sentence) }
            }
        }
    }

    /// The keys that answer, once a person has compared their fingerprints.
    static func comparedKeys(
        _ host: Host, _ endpoint: SSHEndpoint, _ enrolment: HostEnrolment, yes: Bool
    ) async throws -> [HostKey] {
        let findings = try await enrolment.scan(endpoint)
        Console.print("\(host.name) (\(endpoint.address):\(endpoint.port)) answers with:")
        for finding in findings { Console.print("  \(finding.key.kind)  \(finding.fingerprint)") }
        Console.print("compare with: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (on the host itself)")
        if !yes, try !confirms("Are these the host's own fingerprints?") {
            Console.report("nothing was pinned")
            throw ExitCode.negative
        }
        return findings.map(\.key)
    }
}
