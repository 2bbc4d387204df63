// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// A program to run to its end, with bounded output and a teardown that always finishes.
package struct ChildProcess: Sendable {
    /// Absolute path of the program.
    package var executable: String
    /// The arguments after the program's own name.
    package var arguments: [String]
    /// Its whole environment.
    package var environment: [String: String]
    /// What it reads; nil: `/dev/null`.
    package var standardInput: [UInt8]?
    /// How much of each output stream is kept.
    package var outputLimit: OutputLimit
    /// The pauses of the teardown.
    package var teardown: Teardown

    /// The pauses between the steps that end a program.
    package struct Teardown: Sendable, Equatable {
        /// From TERM to KILL.
        package var beforeKill: Duration
        /// From KILL until a program that the kernel can't end now is left behind (its thread still collects it).
        package var beforeLeaving: Duration
        /// After the program ended: how long a pipe that something else keeps open is still read.
        package var drain: Duration

        /// Two seconds, two seconds, one second unless told otherwise.
        package init(
            beforeKill: Duration = .seconds(2), beforeLeaving: Duration = .seconds(2), drain: Duration = .seconds(1)
        ) {
            self.beforeKill = beforeKill
            self.beforeLeaving = beforeLeaving
            self.drain = drain
        }
    }

    /// Describes a program; nothing starts before `run`.
    package init(
        executable: String, arguments: [String] = [], environment: [String: String] = [:],
        standardInput: [UInt8]? = nil, outputLimit: OutputLimit = OutputLimit(), teardown: Teardown = Teardown()
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.standardInput = standardInput
        self.outputLimit = outputLimit
        self.teardown = teardown
    }

    /// How a run ended.
    package enum Ending: Sendable, Equatable {
        /// It exited with this status.
        case exited(Int32)
        /// A signal that we did not send ended it.
        case signalled(Int32)
        /// It was ended because the deadline passed.
        case deadlinePassed
        /// It was ended because the task was cancelled.
        case cancelled
    }

    /// What is known after a run.
    package struct Result: Sendable, Equatable {
        /// How it ended.
        package let ending: Ending
        /// Head and tail of standard output.
        package let standardOutput: String
        /// Head and tail of standard error.
        package let standardError: String
    }

    /// Runs it in a session of its own and returns when it has ended and its output is read; a non-zero exit status is a result.
    ///
    /// At the deadline, or when the task is cancelled, reading stops at once, even when something keeps the pipes
    /// open, and every process of its session gets TERM and after a pause KILL. What it leaves running in its process
    /// group is killed when it exits. Throws when it did not start at all. No descriptor, process or thread is left
    /// when this returns, unless the kernel can't end the program (a dead disk): then one thread waits for it.
    package func run(deadline: Duration? = nil) async throws(SpawnError) -> Result {
        var eventNumber: Int32 = -1
        try SpawnError.check(jarvis_event(&eventNumber), .descriptors)
        let event = OwnedDescriptor(eventNumber)
        let eventDescriptor = event.number
        let end = deadline.map { ContinuousClock.now + $0 }
        let outcome: Swift.Result<Result, SpawnError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let status = OwnThread.start {
                    ChildSupervision.run(self, end: end, cancelEvent: eventDescriptor) {
                        continuation.resume(returning: $0)
                    }
                }
                if status != 0 {
                    continuation.resume(returning: .failure(SpawnError(stage: .thread, number: status)))
                }
            }
        } onCancel: {
            // The descriptor is open: it lives until after the handler can no longer run.
            var one: UInt64 = 1
            _ = write(eventDescriptor, &one, MemoryLayout<UInt64>.size)
        }
        withExtendedLifetime(event) {}
        return try outcome.get()
    }
}
