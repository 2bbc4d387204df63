// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

/// A command that runs on the host when its time is over, unless Jarvis came back and confirmed the change before.
struct TimedRevert: Sendable, Equatable {
    /// The intent under which it was armed.
    let id: String
    /// Seconds since 1970 at which it runs.
    let due: Int64
    /// How long it was to wait; also the longest wait after a restart, whatever the clock says then.
    let seconds: Int
    /// Who armed it; nobody of a lower epoch may confirm it.
    let epoch: UInt64
    let deadlineSeconds: Int
    let graceSeconds: Int
    let canonical: String

    private static let title = "jarvis-guard-revert 1"

    /// The revert that an admitted request asks for.
    init(id: String, seconds: Int, now: Int64, _ request: GuardRequest) {
        self.id = id
        due = now + Int64(seconds)
        self.seconds = seconds
        epoch = request.epoch
        deadlineSeconds = request.deadlineSeconds
        graceSeconds = request.graceSeconds
        canonical = request.canonical
    }

    /// As it is kept.
    var text: String {
        [
            Self.title, "due \(due)", "seconds \(seconds)", "epoch \(epoch)", "deadline \(deadlineSeconds)",
            "grace \(graceSeconds)", "command \(canonical)", "end",
        ].joined(separator: "\n") + "\n"
    }

    /// Reads what `text` printed; nil for everything else.
    init?(id: String, text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 9, lines[0] == Self.title[...] else { return nil }
        func value(_ line: Int, _ name: String) -> String? {
            lines[line].hasPrefix(name + " ") ? String(lines[line].dropFirst(name.count + 1)) : nil
        }
        guard let due = value(1, "due").flatMap({ Int64($0) }), let seconds = value(2, "seconds").flatMap({ Int($0) }),
            let epoch = value(3, "epoch").flatMap({ UInt64($0) }),
            let deadline = value(4, "deadline").flatMap({ Int($0) }),
            let grace = value(5, "grace").flatMap({ Int($0) }),
            let canonical = value(6, "command")
        else { return nil }
        self.id = id
        self.due = due
        self.seconds = seconds
        self.epoch = epoch
        deadlineSeconds = deadline
        graceSeconds = grace
        self.canonical = canonical
        guard self.text == text else { return nil }
    }
}
