// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// Which process a service was started as: pid, start time and boot together never name another one.
struct ServiceProcess: Sendable, Equatable {
    let pid: Int32
    let startTicks: UInt64
    let boot: String

    /// The identity of a process that runs now; nil when it does not.
    init?(pid: Int32) {
        guard let status = ProcessStatus.read(pid: pid), status.isRunning, let boot = Self.currentBoot() else {
            return nil
        }
        self.pid = pid
        startTicks = status.startTicks
        self.boot = boot
    }

    /// Reads what `fileText` printed; nil for anything else.
    init?(fileText: String) {
        let words = fileText.split(whereSeparator: { $0 == " " || $0 == "\n" })
        // A process number of 1 or less would make kill(2) mean something else.
        guard words.count == 3, let pid = Int32(words[0]), pid > 1, let startTicks = UInt64(words[1]) else {
            return nil
        }
        self.pid = pid
        self.startTicks = startTicks
        boot = String(words[2])
    }

    /// One line for the pid file.
    var fileText: String { "\(pid) \(startTicks) \(boot)\n" }

    /// Whether this very process runs; one that only waits to be collected does not.
    var isRunning: Bool {
        guard boot == Self.currentBoot(), let status = ProcessStatus.read(pid: pid) else { return false }
        return status.startTicks == startTicks && status.isRunning
    }

    /// Ends it and its session: TERM, a pause, KILL, a pause; false when it still runs then.
    func end(termPause: Duration, killPause: Duration) -> Bool {
        var number: Int32 = -1
        guard jarvis_pidfd(pid, &number) == 0 else { return !isRunning }
        let pidfd = OwnedDescriptor(number)
        for (signal, pause) in [(SIGTERM, termPause), (SIGKILL, killPause)] {
            // Asked after the descriptor was opened: so the descriptor names this very process.
            guard isRunning else { break }
            // Its own session, so its group as well; the leader through the descriptor for certain.
            kill(-pid, signal)
            _ = jarvis_pidfd_signal(pidfd.number, signal)
            wait(pidfd.number, pause)
        }
        guard !isRunning else { return false }
        ProcessSession(leader: pid).signal(SIGKILL)
        return true
    }

    private func wait(_ pidfd: Int32, _ pause: Duration) {
        let limit = ContinuousClock.now + pause
        while ContinuousClock.now < limit {
            var entry = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
            let count = poll(&entry, 1, pollTimeout(until: limit))
            if count > 0 || (count < 0 && errno != EINTR) { return }
        }
    }

    private static func currentBoot() -> String? {
        readSmallFile("/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first.map(String.init)
    }
}
