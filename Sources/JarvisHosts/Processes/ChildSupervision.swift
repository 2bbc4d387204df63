// SPDX-License-Identifier: Apache-2.0

import CSpawn
import FaultPoints
import Glibc

/// Looks after one child from spawn to reaping, on a thread of its own, as one straight sequence.
struct ChildSupervision: ~Copyable {
    typealias Outcome = Result<ChildProcess.Result, SpawnError>

    private let child: ChildProcess
    private let process: SpawnedProcess
    private let end: ContinuousClock.Instant?
    private let cancelEvent: Int32
    private var input: OutgoingBytes
    private var output: IncomingBytes
    private var error: IncomingBytes

    /// Runs the child and calls `done` exactly once, when all descriptors are closed.
    ///
    /// It may go on for a while after that with a child that can't be ended.
    static func run(
        _ child: ChildProcess, end: ContinuousClock.Instant?, cancelEvent: Int32, _ done: (Outcome) -> Void
    ) {
        do throws(SpawnError) {
            FaultPoint.passes("child.spawn.before")
            let end = try ChildSupervision(child, end: end, cancelEvent: cancelEvent).supervise()
            FaultPoint.passes("child.end.after")
            let result = end.result
            guard let unended = end.unended() else { return done(.success(result)) }
            done(.success(result))
            // Nobody waits for it any more; some day the kernel lets go of it, and then no zombie may stay.
            _ = unended.reap(block: true)
        } catch {
            done(.failure(error))
        }
    }

    private struct End: ~Copyable {
        let result: ChildProcess.Result
        private let process: SpawnedProcess?

        init(_ result: ChildProcess.Result, unended: consuming SpawnedProcess?) {
            self.result = result
            process = unended
        }

        consuming func unended() -> SpawnedProcess? { process }
    }

    private init(_ child: ChildProcess, end: ContinuousClock.Instant?, cancelEvent: Int32) throws(SpawnError) {
        let outputPipe = try Pipe()
        let errorPipe = try Pipe()
        if let bytes = child.standardInput {
            let inputPipe = try Pipe()
            process = try SpawnedProcess(
                child, input: inputPipe.readEnd, output: outputPipe.writeEnd, error: errorPipe.writeEnd)
            input = OutgoingBytes(bytes, to: inputPipe.writeEnd)
        } else {
            let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard null >= 0 else { throw SpawnError(stage: .descriptors, number: errno) }
            process = try SpawnedProcess(
                child, input: OwnedDescriptor(null), output: outputPipe.writeEnd, error: errorPipe.writeEnd)
            input = OutgoingBytes()
        }
        output = IncomingBytes(from: outputPipe.readEnd, limit: child.outputLimit)
        error = IncomingBytes(from: errorPipe.readEnd, limit: child.outputLimit)
        self.child = child
        self.end = end
        self.cancelEvent = cancelEvent
    }

    private consuming func supervise() -> End {
        FaultPoint.passes("child.spawn.after")
        let stopped = transfer(until: end, waitsForExit: true)
        if stopped == .exited {
            // Its number is still ours: it is a zombie until it is reaped.
            process.signalGroup(SIGKILL)
            let ending = process.reap(block: true)
            _ = transfer(until: .now + child.teardown.drain, waitsForExit: false)
            return End(result(ending ?? .exited(-1)), unended: nil)
        }
        stopReading()
        let result = result(stopped == .cancelled ? .cancelled : .deadlinePassed)
        guard tearDown() else { return End(result, unended: process) }
        _ = process.reap(block: true)
        return End(result, unended: nil)
    }

    private func result(_ ending: ChildProcess.Ending) -> ChildProcess.Result {
        .init(ending: ending, standardOutput: output.text, standardError: error.text)
    }

    /// TERM, a pause, KILL, a pause: for the whole session, because `timeout` moves into a process group of its own.
    private func tearDown() -> Bool {
        for (signal, pause) in [(SIGTERM, child.teardown.beforeKill), (SIGKILL, child.teardown.beforeLeaving)] {
            process.signalGroup(signal)
            ProcessSession(leader: process.pid).signal(signal)
            if process.ends(within: pause) {
                // The leader is a zombie, so its session number is still ours; what else is in it must go as well.
                process.signalGroup(SIGKILL)
                ProcessSession(leader: process.pid).signal(SIGKILL)
                return true
            }
        }
        return false
    }

    private mutating func stopReading() {
        input.close()
        output.close()
        error.close()
    }
}

extension ChildSupervision {
    private enum Stop { case exited, endOfOutput, timeIsUp, cancelled }

    /// Moves bytes until something happens that ends this phase.
    private mutating func transfer(until limit: ContinuousClock.Instant?, waitsForExit: Bool) -> Stop {
        while true {
            if !waitsForExit && !output.isOpen && !error.isOpen { return .endOfOutput }
            // poll ignores entries with a negative descriptor.
            var entries = [
                pollfd(fd: waitsForExit ? process.pidfd.number : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: waitsForExit ? cancelEvent : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: output.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: error.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: input.number, events: Int16(POLLOUT), revents: 0),
            ]
            let count = poll(&entries, nfds_t(entries.count), pollTimeout(until: limit))
            if count < 0 && errno != EINTR { return .timeIsUp }
            if entries[1].revents != 0 { return .cancelled }
            if entries[2].revents != 0 { output.read() }
            if entries[3].revents != 0 { error.read() }
            if entries[4].revents != 0 { input.write() }
            if entries[0].revents != 0 { return .exited }
            // A flood of output must not keep the deadline from being seen.
            if let limit, ContinuousClock.now >= limit { return .timeIsUp }
        }
    }
}

/// Milliseconds for poll(2) until an instant, rounded up; -1 waits without limit.
func pollTimeout(until limit: ContinuousClock.Instant?) -> Int32 {
    guard let limit else { return -1 }
    let (seconds, attoseconds) = (limit - .now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 86_400 else { return 86_400_000 }
    return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
