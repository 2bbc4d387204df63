// SPDX-License-Identifier: Apache-2.0

/// The one form in which a judged command is sent to a host.
///
/// A host's login shell (of the sh family) gets one line that marks the start, runs the canonical command under a
/// remote deadline, and marks the end, both marks on standard error with a nonce that only this run knows:
///
///     jarvis1 NONCE begin HOST-SECONDS
///     jarvis1 NONCE end STATUS HOST-SECONDS
///
/// So an exit status of the command can't be confused with one of the connection (`ssh` exits 255 for both), the
/// host's own clock is known at both ends, and a missing end mark means *unknown*, never success. The fencing token
/// is carried for a guard on the host; without a guard it is only logged.
package struct Envelope: Sendable, Equatable {
    /// 32 lower-case hexadecimal digits, fresh for every run.
    package let nonce: String
    /// The fence of the claim under which the command runs.
    package let token: UInt64
    /// Seconds after which the host itself ends the command with TERM, at least 1.
    package let deadlineSeconds: Int
    /// Seconds between TERM and KILL on the host.
    package let graceSeconds: Int

    /// Refuses a nonce of another form and deadlines outside 1…86,400 s; returns nil then.
    package init?(nonce: String, token: UInt64, deadlineSeconds: Int, graceSeconds: Int = 5) {
        let isHex: (UInt8) -> Bool = { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard nonce.utf8.count == 32, nonce.utf8.allSatisfy(isHex) else { return nil }
        guard (1...86_400).contains(deadlineSeconds), (1...600).contains(graceSeconds) else { return nil }
        self.nonce = nonce
        self.token = token
        self.deadlineSeconds = deadlineSeconds
        self.graceSeconds = graceSeconds
    }

    /// The line for the host's login shell.
    ///
    /// `timeout -k` is understood by coreutils and BusyBox alike. The inner `sh -c` keeps one form for every
    /// command; its argument is the canonical text, quoted once more, for a simple command behind `exec`, so that the
    /// deadline's signal reaches the program itself and not a shell that waits for it (BusyBox `timeout` signals one
    /// process only). Pipes and lists are of observers alone: one that outlives its deadline changes nothing.
    package func line(for command: JudgedCommand) -> String {
        "LC_ALL=C; export LC_ALL; "
            + "printf 'jarvis1 \(nonce) begin %s\\n' \"$(date +%s)\" >&2; "
            + "timeout -k \(graceSeconds) \(deadlineSeconds) sh -c \(ShellQuoting.quote((command.list.isSimple ? "exec " : "") + command.canonical)); "
            + "jarvis_status=$?; "
            + "printf '\\njarvis1 \(nonce) end %s %s\\n' \"$jarvis_status\" \"$(date +%s)\" >&2; "
            + "exit $jarvis_status # token \(token)"
    }
}
