// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// One judged command in its envelope, and what the host's marks say about how it ended.
struct EnvelopedRun: Sendable {
    let envelope: Envelope
    /// The line for the host's shell or guard.
    let line: String
    /// Printed when there was no session for it; only this process knows it, so nothing on the host can print it.
    let noSession: String

    /// Seconds beyond the host's own deadline and grace for the way there and back.
    static let margin = 3

    /// Prepares a run with a fresh nonce; throws when the deadline is outside what the envelope allows.
    init(_ command: JudgedCommand, _ run: RunContext) throws(SessionRefusal) {
        guard run.under == nil else {
            throw SessionRefusal(reason: "it needs a timed revert, and the host has no guard that could hold one")
        }
        guard
            let envelope = Envelope(
                nonce: randomHexadecimal(bytes: 16), token: run.fencingToken, deadlineSeconds: run.deadlineSeconds)
        else { throw SessionRefusal(reason: "a deadline of \(run.deadlineSeconds) s is not between 1 s and a day") }
        self.envelope = envelope
        line = envelope.line(for: command)
        noSession = "jarvis-no-session \(randomHexadecimal(bytes: 16))"
    }

    /// Prepares a signed request for a guarded host; `command` is nil for a confirmation alone.
    ///
    /// Throws when something is missing without which a guard would refuse it.
    init(
        _ verb: GuardRequest.Verb, _ command: JudgedCommand?, _ run: RunContext, on host: HostName,
        _ signing: GuardSigning?, now: Int64
    ) throws(SessionRefusal) {
        guard let signing else { throw SessionRefusal(reason: "\(host) is guarded, and there is no key to sign with") }
        let commandClass = command?.commandClass ?? .observe
        guard commandClass == .observe || run.intent != nil else {
            throw SessionRefusal(reason: "a change on a guarded host needs an intent")
        }
        let nonce = randomHexadecimal(bytes: 16)
        guard
            let envelope = Envelope(nonce: nonce, token: run.fencingToken, deadlineSeconds: run.deadlineSeconds),
            let request = GuardRequest(
                verb: verb, host: host.text, epoch: signing.epoch, intent: run.intent.map { "\($0)" },
                under: run.under.map { "\($0)" },
                expires: now + GuardSigning.life, nonce: nonce, deadlineSeconds: envelope.deadlineSeconds,
                graceSeconds: envelope.graceSeconds, commandClass: commandClass, canonical: command?.canonical ?? ""),
            let signed = SignedEnvelope(request, signature: signing.sign(request.signedBytes))
        else {
            throw SessionRefusal(reason: "it can't be put as a request to a guard: is its deadline or text too long?")
        }
        self.envelope = envelope
        line = signed.line
        noSession = "jarvis-no-session \(randomHexadecimal(bytes: 16))"
    }

    /// When this side stops waiting: the host's deadline and grace and a margin.
    var localDeadline: Duration {
        .seconds(envelope.deadlineSeconds + envelope.graceSeconds + Self.margin)
    }

    /// What is certain about the run; every doubt is `unknown`.
    func receipt(_ result: ChildProcess.Result, took: Duration) -> Receipt {
        // A command that ends with CR would join the mark's line break to one character, and hide the mark.
        let (marks, text) = EnvelopeMarks.extract(
            nonce: envelope.nonce, from: result.standardError.withPlainLineBreaks)
        return Receipt(
            ending: ending(result, marks, text, took: took), standardOutput: result.standardOutput,
            standardError: text, hostBeganAt: marks.beganAt, seconds: took.seconds)
    }

    private func ending(
        _ result: ChildProcess.Result, _ marks: EnvelopeMarks, _ text: String, took: Duration
    ) -> Receipt.Ending {
        if let status = marks.status {
            // What `timeout` exits with after TERM, after KILL, and in BusyBox after TERM.
            let isTimeoutStatus = [124, 137, 143].contains(status)
            return isTimeoutStatus && took >= .seconds(envelope.deadlineSeconds) ? .timedOut : .exited(status: status)
        }
        if let reason = marks.refusal {
            return .notStarted(reason: "the host's guard refused it: " + UntrustedText(reason).display(limit: 300))
        }
        if marks.beganAt == nil, let reason = refusal(text) { return .notStarted(reason: reason) }
        let began = marks.beganAt == nil ? "it is not known whether the command began" : "the command had begun"
        return switch result.ending {
        case .deadlinePassed: .unknown(reason: "no word from the host in \(localDeadline.seconds) s; \(began)")
        case .cancelled: .unknown(reason: "Jarvis stopped waiting; \(began)")
        case .exited, .signalled: .unknown(reason: "the connection ended before the command's end was known; \(began)")
        }
    }

    /// Why the client got no session, when that is certain.
    ///
    /// The client prints `noSession` when it gives up on the master. One way there is not certain: it had asked for
    /// the session and lost the master before the answer, and the host may have been told already.
    private func refusal(_ text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.contains(where: { $0 == noSession }) else { return nil }
        guard !text.contains("read from master failed"), !text.contains("unexpected response from master") else {
            return nil
        }
        let refused = lines.first { $0.contains("session request failed") || $0.contains("refused session request") }
        guard let refused else { return "the connection was lost before the command was sent" }
        return "the host refused a further session on the connection: "
            + UntrustedText(String(refused)).display(limit: 200)
    }
}

extension String {
    /// With CR LF as LF; Swift takes the two for one character.
    var withPlainLineBreaks: String {
        guard utf8.contains(0x0D) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        for byte in utf8 {
            if byte == 0x0A, bytes.last == 0x0D { bytes.removeLast() }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Duration {
    /// In seconds, with fractions.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
