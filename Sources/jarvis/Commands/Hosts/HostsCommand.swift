// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp

struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts", abstract: "Make hosts ready for Jarvis, and see which are.",
        discussion: """
            A host is made ready once, by the operator: 'enrol' has a user, its key, the guard and the entries for sudo
            made there, all of it shown before; 'add' only pins the key of a host that is ready already.
            """,
        subcommands: [List.self, Add.self, Enrol.self, Rotate.self, Revoke.self, Remove.self],
        defaultSubcommand: List.self)

    static func enrolment(_ options: ConfigurationOptions) throws -> HostEnrolment {
        do {
            return try HostEnrolment(
                settings: try options.load(), environment: ProcessInfo.processInfo.environment,
                logger: ServerLogger.quiet)
        } catch let error as ServerError {
            Console.report("jarvis: \(error)")
            throw ExitCode.misconfigured
        }
    }

    /// Failures become a sentence and an exit code.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as HostEnrolment.Failure {
            Console.report("jarvis: \(failure)")
            throw ExitCode.negative
        }
    }

    /// True when a person types `yes`; without a terminal nobody is there to ask.
    static func confirms(_ question: String) throws -> Bool {
        guard Console.hasInput else {
            throw HostEnrolment.Failure(description: "there is no terminal to ask on; look at it and add --yes")
        }
        Console.report(question + " Type yes:")
        return readLine()?.lowercased() == "yes"
    }
}
