// SPDX-License-Identifier: Apache-2.0

/// Anything that may change something or look at something on a host; the only argument of the port that does so.
package enum JudgedStep: Sendable, Equatable {
    /// A command for the host's shell, in its envelope.
    case command(JudgedCommand)
    /// A declared service, started, restarted or looked at without any shell.
    case service(ServiceStep)

    /// How much it may change.
    package var commandClass: CommandClass {
        switch self {
        case .command(let command): command.commandClass
        case .service(let step): step.operation == .inspect ? .observe : .bounded
        }
    }

    /// What it is, for people, logs and the record of intents.
    package var canonical: String {
        switch self {
        case .command(let command): command.canonical
        case .service(let step):
            "\(step.operation.rawValue) service \(step.service.name): \(ShellQuoting.command(step.service.argv))"
        }
    }
}

/// One operation on a declared service.
package struct ServiceStep: Sendable, Equatable {
    /// What can be done with a declared service.
    package enum Operation: String, Sendable, Equatable {
        /// Start it; nothing happens when it runs.
        case start
        /// End it (TERM, then KILL), then start it.
        case restart
        /// End it (TERM, then KILL); nothing happens when it does not run.
        case stop
        /// Say whether it runs, as which process, since when.
        case inspect
    }

    /// The operation.
    package let operation: Operation
    /// The service, as the operator declared it.
    package let service: DeclaredService

    /// Judges an operation on a declared service: its argv comes from the operator's configuration alone.
    package init(_ operation: Operation, _ service: DeclaredService) {
        self.operation = operation
        self.service = service
    }
}
