// SPDX-License-Identifier: Apache-2.0

import CSpawn
package import CommandPolicy
import Glibc
package import JarvisCore

/// Starts, restarts, stops and looks at declared services on this machine, without any shell.
///
/// A service is a daemon: init is its parent, so it outlives Jarvis. It is known by pid, start time and boot, noted
/// durably before its program begins, and never by its name. All work is done on a thread of its own and is finished
/// even when the caller is cancelled, so that a restart never stops half-way.
package struct ServiceSupervisor: Sendable {
    private let directory: ServiceDirectory
    private let environment: [String: String]
    private let termPause: Duration
    private let killPause: Duration

    /// Prepares `directory` (mode 0700) for pid and log files; throws when it can't be used.
    ///
    /// `termPause` lies between TERM and KILL, and is shortened by a run's deadline; `killPause` follows KILL.
    package init(
        directory: String, environment: [String: String], logLimit: Int = 1 << 20, termPause: Duration = .seconds(10),
        killPause: Duration = .seconds(5)
    ) throws(FileError) {
        try preparePrivateDirectory(directory)
        self.directory = ServiceDirectory(path: directory, logLimit: logLimit)
        self.environment = environment
        self.termPause = termPause
        self.killPause = killPause
    }

    /// Does one operation and says how the service is then, as one line of JSON on standard output:
    /// `{"running":true,"pid":123,"startedAt":"TICKS"}` or `{"running":false}`.
    ///
    /// TICKS are the clock ticks since boot of proc_pid_stat(5). `notStarted`: nothing was changed, for certain.
    /// Status 1: the process did not end even after KILL, and nothing was started. Status 127: a restart ended
    /// the old process and could not execute the program anew.
    package func run(_ step: ServiceStep, deadline: Duration) async -> Receipt {
        let began = ContinuousClock.now
        let clock = Int64(time(nil))
        do throws(SpawnError) {
            return try await OwnThread.run { [self] in
                let answer = perform(step, deadline: began + deadline)
                return Receipt(
                    ending: answer.ending, standardOutput: answer.output, standardError: answer.error,
                    hostBeganAt: clock, seconds: (ContinuousClock.now - began).seconds)
            }
        } catch {
            return Receipt(ending: .notStarted(reason: "\(error)"))
        }
    }

    private struct Answer {
        var ending: Receipt.Ending
        var output = ""
        var error = ""
    }

    private func perform(_ step: ServiceStep, deadline: ContinuousClock.Instant) -> Answer {
        let name = step.service.name
        guard step.operation != .inspect else { return state(of: name) }
        var hasStopped = false
        do throws(FileError) {
            guard let lock = try directory.lock(name, until: deadline) else {
                return Answer(ending: .notStarted(reason: "another operation on service \(name) is going on"))
            }
            defer { withExtendedLifetime(lock) {} }
            let old = directory.process(of: name).flatMap { $0.isRunning ? $0 : nil }
            if step.operation == .start, old != nil { return state(of: name) }
            if step.operation == .stop { return stop(old, name, until: deadline) }
            // Looked at before anything is stopped: what can't be started again is better left running.
            let program = step.service.argv[0]
            guard access(program, X_OK) == 0 else { throw .system(program) }
            let log = try directory.openLog(of: name)
            if old != nil {
                let ended = stop(old, name, until: deadline)
                guard case .exited(0) = ended.ending else { return ended }
                hasStopped = true
            }
            try start(step.service, log)
            return state(of: name)
        } catch {
            guard hasStopped else { return Answer(ending: .notStarted(reason: "\(error)")) }
            let text = "the old process was ended, and then: \(error)"
            return Answer(ending: .exited(status: 127), output: state(of: name).output, error: text)
        }
    }

    /// Ends the process that runs, where one does.
    private func stop(_ process: ServiceProcess?, _ name: ServiceName, until deadline: ContinuousClock.Instant)
        -> Answer
    {
        let pause = max(.milliseconds(100), min(termPause, deadline - .now))
        guard let process, !process.end(termPause: pause, killPause: killPause) else { return state(of: name) }
        let error = "process \(process.pid) did not end even after KILL"
        return Answer(ending: .exited(status: 1), output: state(of: name).output, error: error)
    }

    private func state(of name: ServiceName) -> Answer {
        guard let process = directory.process(of: name), process.isRunning else {
            return Answer(ending: .exited(status: 0), output: "{\"running\":false}\n")
        }
        return Answer(
            ending: .exited(status: 0),
            output: "{\"running\":true,\"pid\":\(process.pid),\"startedAt\":\"\(process.startTicks)\"}\n")
    }

    private func start(_ service: DeclaredService, _ log: borrowing OwnedDescriptor) throws(FileError) {
        let program = service.argv[0]
        var pid: pid_t = 0
        var gate: Int32 = -1
        var report: Int32 = -1
        let logNumber = log.number
        let prepared = withCStrings(service.argv) { argv in
            withCStrings(environment.environmentWords) { environment in
                jarvis_detached_prepare(program, argv, environment, logNumber, &pid, &gate, &report)
            }
        }
        guard prepared == 0 else { throw FileError(path: program, reason: systemErrorText(prepared)) }
        do throws(FileError) {
            guard let process = ServiceProcess(pid: pid) else {
                throw FileError(path: program, reason: "its new process was ended by somebody else")
            }
            try directory.note(process, for: service.name)
        } catch {
            // Closing the gate without opening it ends the waiting process: nothing runs that is not noted.
            close(gate)
            close(report)
            throw error
        }
        let executed = jarvis_detached_release(gate, report)
        guard executed == 0 else {
            // It may take a moment to end; it never was the service.
            directory.forget(service.name)
            throw FileError(path: program, reason: systemErrorText(executed))
        }
    }
}
