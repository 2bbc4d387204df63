// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// A child that was started and must be reaped, named by a descriptor so that its number can't be mistaken.
struct SpawnedProcess: ~Copyable {
    let pid: Int32
    let pidfd: OwnedDescriptor

    /// Starts `child` as the leader of a session of its own with exactly these three descriptors.
    init(
        _ child: ChildProcess, input: borrowing OwnedDescriptor, output: borrowing OwnedDescriptor,
        error: borrowing OwnedDescriptor
    ) throws(SpawnError) {
        var pid: pid_t = 0
        var pidfd: Int32 = -1
        let (inputNumber, outputNumber, errorNumber) = (input.number, output.number, error.number)
        let status = withCStrings([child.executable] + child.arguments) { arguments in
            withCStrings(child.environment.environmentWords) { environment in
                jarvis_spawn(
                    child.executable, arguments, environment, inputNumber, outputNumber, errorNumber, &pid, &pidfd)
            }
        }
        try SpawnError.check(status, .execution)
        self.pid = pid
        self.pidfd = OwnedDescriptor(pidfd)
    }

    /// Sends a signal to its process group; its number stays ours until it is reaped.
    func signalGroup(_ signal: Int32) { kill(-pid, signal) }

    /// Whether it has ended before the pause is over.
    func ends(within pause: Duration) -> Bool {
        let limit = ContinuousClock.now + pause
        while true {
            var entry = pollfd(fd: pidfd.number, events: Int16(POLLIN), revents: 0)
            let count = poll(&entry, 1, pollTimeout(until: limit))
            if count > 0 { return true }
            if count == 0 || errno != EINTR { return false }
        }
    }

    /// Collects it; nil when it still runs, or was collected already.
    func reap(block: Bool) -> ChildProcess.Ending? {
        var ending = jarvis_ending(signalled: 0, number: 0)
        guard jarvis_reap(pidfd.number, block ? 1 : 0, &ending) == 0 else { return nil }
        return ending.signalled != 0 ? .signalled(ending.number) : .exited(ending.number)
    }
}
