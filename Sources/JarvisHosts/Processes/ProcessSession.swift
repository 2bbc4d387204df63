// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// All processes of one session: what a program started, in whatever process groups, unless it made its own session.
struct ProcessSession: Sendable {
    /// The pid of the process that made the session.
    let leader: Int32

    /// Members that still run.
    func members() -> [ProcessStatus] {
        ProcessStatus.all().filter { $0.session == leader && $0.isRunning }
    }

    /// Sends a signal to every member.
    func signal(_ signal: Int32) {
        for member in members() {
            // Looked at again through a descriptor: its number may have passed to another process since.
            var number: Int32 = -1
            guard jarvis_pidfd(member.pid, &number) == 0 else { continue }
            let pidfd = OwnedDescriptor(number)
            guard ProcessStatus.read(pid: member.pid)?.startTicks == member.startTicks else { continue }
            _ = jarvis_pidfd_signal(pidfd.number, signal)
        }
    }
}
