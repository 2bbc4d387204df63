// SPDX-License-Identifier: Apache-2.0

/// What Jarvis asks the guard of a host for, before it is signed.
///
/// The guard stands where the host's shell would (`authorized_keys command=`). It believes nothing but a signature:
/// `signedBytes` says every value of the request in one unambiguous way.
package struct GuardRequest: Sendable, Equatable {
    /// What is asked for.
    package enum Verb: Sendable, Equatable {
        /// Run the command.
        case run
        /// Run the command after so many seconds, unless it is confirmed before: a timed revert.
        case arm(seconds: Int)
        /// Forget the timed revert that was armed under this intent; there is no command.
        case confirm

        var word: String {
            switch self {
            case .run: "run"
            case .arm: "arm"
            case .confirm: "confirm"
            }
        }
    }

    /// What is asked for.
    package let verb: Verb
    /// The host that is meant, by its name in the inventory.
    package let host: String
    /// Who speaks: grows with every start or takeover of Jarvis, so that the one before has no say any more.
    package let epoch: UInt64
    /// The intent behind a change, or the timed revert that is armed or confirmed; nil for a command that only looks.
    package let intent: String?
    /// The intent of the timed revert without which the change must not run; nil: it runs by itself.
    package let under: String?
    /// Seconds since 1970 after which the request is worth nothing, by the host's clock.
    package let expires: Int64
    /// 32 lower-case hexadecimal digits, fresh for every request; the marks of its answer carry it.
    package let nonce: String
    /// Seconds after which the guard ends the command with TERM.
    package let deadlineSeconds: Int
    /// Seconds between TERM and KILL.
    package let graceSeconds: Int
    /// How much the command may change, as Jarvis judged it.
    package let commandClass: CommandClass
    /// The command, printed afresh by the policy; empty for `confirm`.
    package let canonical: String

    /// Longest canonical text, in bytes; as long as a text that the policy reads.
    static let maximumCanonical = 4096
    /// Seconds that a timed revert may wait.
    static let waits = 5...3600

    /// Refuses values that could not be printed and read back, and combinations without a meaning; returns nil then.
    package init?(
        verb: Verb, host: String, epoch: UInt64, intent: String?, under: String? = nil, expires: Int64, nonce: String,
        deadlineSeconds: Int, graceSeconds: Int = 5, commandClass: CommandClass, canonical: String
    ) {
        guard Self.isName(host, 63),
            [intent, under].compactMap(\.self).allSatisfy({ Self.isName($0, 64) && $0 != "none" }),
            Envelope(nonce: nonce, token: epoch, deadlineSeconds: deadlineSeconds, graceSeconds: graceSeconds) != nil,
            (0...99_999_999_999).contains(expires), commandClass != .forbidden,
            canonical.utf8.count <= Self.maximumCanonical, canonical.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        switch verb {
        case .run:
            guard !canonical.isEmpty, intent != nil || commandClass == .observe, under == nil || intent != nil,
                under == nil || under != intent
            else { return nil }
        case .arm(let seconds):
            guard !canonical.isEmpty, intent != nil, under == nil, Self.waits.contains(seconds) else { return nil }
        case .confirm:
            guard canonical.isEmpty, intent != nil, under == nil, commandClass == .observe else { return nil }
        }
        self.verb = verb
        self.host = host
        self.epoch = epoch
        self.intent = intent
        self.under = under
        self.expires = expires
        self.nonce = nonce
        self.deadlineSeconds = deadlineSeconds
        self.graceSeconds = graceSeconds
        self.commandClass = commandClass
        self.canonical = canonical
    }

    /// Seconds that a timed revert waits; 0 for all others.
    var waitSeconds: Int { if case .arm(let seconds) = verb { seconds } else { 0 } }

    /// The bytes that are signed: a fixed title and every value, each behind its length in 4 bytes, big-endian.
    ///
    /// Two requests that differ in anything never have the same bytes.
    package var signedBytes: [UInt8] {
        let values = ["jarvis-guard request 1"] + fields.map(\.value) + [canonical]
        var bytes: [UInt8] = []
        for value in values {
            let length = UInt32(value.utf8.count)
            for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
            bytes += value.utf8
        }
        return bytes
    }

    /// Everything but the command, in the order of the line.
    var fields: [(name: String, value: String)] {
        [
            ("verb", verb.word), ("host", host), ("epoch", "\(epoch)"), ("intent", intent ?? "none"),
            ("expires", "\(expires)"), ("nonce", nonce), ("deadline", "\(deadlineSeconds)"),
            ("grace", "\(graceSeconds)"), ("class", commandClass.rawValue), ("wait", "\(waitSeconds)"),
            ("under", under ?? "none"),
        ]
    }

    /// Letters, digits, `.`, `_` and `-`, none of the three in front.
    static func isName(_ text: String, _ maximum: Int) -> Bool {
        (1...maximum).contains(text.utf8.count)
            && text.utf8.allSatisfy { isASCIILetterOrDigit($0) || "._-".utf8.contains($0) }
            && text.utf8.first.map(isASCIILetterOrDigit) == true
    }
}
