// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp

/// The command line.
struct Jarvis: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jarvis",
        abstract: "Receives alerts, repairs self-hosted services over SSH, and proves the repair.",
        discussion: """
            Exit codes:
              0   done as asked
              1   it ran, and the answer is no (a drill that was not verified, a check that found faults)
              2   the configuration or the environment is at fault; the message says where and what to do
              3   the server can't be reached
              64  the command line was not understood
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, DrillCommand.self, ConfigCommand.self, HostsCommand.self, IncidentsCommand.self,
            ApprovalsCommand.self, ApproveCommand.self, DenyCommand.self, AutonomyCommand.self, PauseCommand.self,
            ResumeCommand.self, UndoCommand.self, SnapshotsCommand.self, SilenceCommand.self, AuditCommand.self,
            BackupCommand.self, RestoreCommand.self,
            DatabaseCommand.self,
            QueueCommand.self, PolicyCommand.self, GuardCommand.self,
            VersionCommand.self, CanaryCommand.self,
        ])

    /// Runs what the command line says; top-level code would take the `main` that does not wait.
    static func start() async { await main() }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() { Console.print("jarvis \(Version.text)") }
}
