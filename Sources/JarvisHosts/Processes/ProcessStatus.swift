// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel says about one process (proc_pid_stat(5)).
struct ProcessStatus: Sendable, Equatable {
    let pid: Int32
    /// One letter: `Z` is a zombie, `T` is stopped.
    let state: Character
    let parent: Int32
    let session: Int32
    /// Start time in clock ticks since boot; with the pid it names a process and never its successor.
    let startTicks: UInt64

    /// A process that has ended and only waits for its parent to collect it does not run.
    var isRunning: Bool { state != "Z" && state != "X" && state != "x" }

    /// Reads it; nil when there is no such process.
    static func read(pid: Int32) -> ProcessStatus? {
        readSmallFile("/proc/\(pid)/stat").flatMap { ProcessStatus(statLine: $0) }
    }

    /// Understands the line; the program's name may hold blanks and parentheses, so the last `)` ends it.
    init?(statLine: String) {
        guard let pid = statLine.split(separator: " ").first.flatMap({ Int32($0) }),
            let nameEnd = statLine.lastIndex(of: ")")
        else { return nil }
        let fields = statLine[statLine.index(after: nameEnd)...].split(whereSeparator: { $0 == " " || $0 == "\n" })
        // Numbered from 3 (state) in the manual: ppid is 4, session 6, starttime 22.
        guard fields.count > 19, let state = fields[0].first, let parent = Int32(fields[1]),
            let session = Int32(fields[3]), let startTicks = UInt64(fields[19])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = parent
        self.session = session
        self.startTicks = startTicks
    }

    /// All processes there are now.
    static func all() -> [ProcessStatus] {
        namesInDirectory("/proc").compactMap { Int32($0) }.compactMap { read(pid: $0) }
    }
}
