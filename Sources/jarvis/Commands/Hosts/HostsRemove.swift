// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore

extension HostsCommand {
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take away from a host what 'enrol' made there, and forget its keys.",
            discussion: """
                With --admin everything that 'enrol' made on the host goes, and nothing else. Without it the host is
                forgotten here alone; for a host that was enrolled, say so with --only-here (its machine is gone, say).
                """)
        @OptionGroup var options: AdminOptions
        @Flag(help: "Leave the host as it is, and forget it here.") var onlyHere = false

        func run() async throws {
            guard options.admin == nil, !options.show else { return try await options.undertake(.remove) }
            try await HostsCommand.reporting {
                let enrolment = try HostsCommand.enrolment(options.configuration)
                let shownName = UntrustedText(options.name).display()
                let failure = HostEnrolment.Failure(description: "no keys are pinned for '\(shownName)'")
                guard let host = HostName(options.name) else { throw failure }
                guard onlyHere || !enrolment.mayBeEnrolled(host) else {
                    throw HostEnrolment.Failure(
                        description: "\(host) was enrolled, or that was begun: take away what was made there with "
                            + "'jarvis hosts remove \(host) --admin USER', or forget it here alone with --only-here")
                }
                guard try enrolment.remove(host) else { throw failure }
                Console.print("forgotten; on the host itself nothing was taken away")
                Console.print("what enrolment made there goes with: jarvis hosts remove \(host) --admin USER")
            }
        }
    }
}
