// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The forced command: one request of Jarvis, from `SSH_ORIGINAL_COMMAND` to the exit status.
struct Service: Sendable {
    let policyPath: String
    let statePath: String
    let invocation: GuardInvocation

    /// What the guard exits with when it refuses, EX_NOPERM of sysexits.h.
    static let refusedStatus: Int32 = 77

    /// Serves one request; returns the exit status.
    func serve() -> Int32 {
        // A lost connection ends neither the command nor its deadline.
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        for number: Int32 in 3..<256 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
        umask(0o077)
        let envelope: SignedEnvelope
        do {
            try Self.checkSession()
            guard let line = getenv("SSH_ORIGINAL_COMMAND") else { throw Refusal("no command was given") }
            envelope = try SignedEnvelope(parsing: String(cString: line))
        } catch {
            return refuse("\(error)", nil)
        }
        do {
            return try serve(envelope)
        } catch {
            return refuse("\(error)", envelope.request)
        }
    }

    /// `restrict` in authorized_keys keeps these away; where it is missing nothing is done.
    private static func checkSession() throws(Refusal) {
        guard isatty(0) == 0, isatty(1) == 0, getenv("SSH_TTY") == nil else {
            throw Refusal("a terminal was given; authorized_keys must say restrict for this key")
        }
        guard getenv("SSH_AUTH_SOCK") == nil else {
            throw Refusal("an agent is forwarded; authorized_keys must say restrict for this key")
        }
    }

    private func serve(_ envelope: SignedEnvelope) throws -> Int32 {
        let request = envelope.request
        let file = try PolicyFile.read(policyPath, for: request.canonical)
        let folder = try StateFolder(statePath)
        let reverts = TimedReverts(folder: folder, policyPath: policyPath, invocation: invocation)
        reverts.resume()
        let guardian = Guardian(settings: file.settings, policy: file.policy, isAbsent: NetworkInterfaces.isAbsent)
        let admission = try folder.locked {
            let before = try folder.load()
            var state = before
            let admission = try guardian.admit(
                envelope, state: &state, now: secondsSince1970(), armed: reverts.armed(), resolve: HostPaths.resolve)
            // Durable before anything is done: a second request with this intent is refused from here on.
            if state != before { try folder.store(state) }
            if case .run(_, let under?) = admission { try reverts.cover(under) }
            return admission
        }
        switch admission {
        case .run(let command, _):
            log("runs", request)
            return answer(request) { Self.run(command, request, file.settings) }
        case .arm(_, let id, let seconds):
            try reverts.arm(TimedRevert(id: id, seconds: seconds, now: secondsSince1970(), request))
            log("armed, for \(seconds) s,", request)
            return answer(request) { .status(0) }
        case .confirm(let id):
            let refusal = try reverts.confirm(id: id, epoch: request.epoch)
            log(refusal ?? "confirmed", request)
            return answer(request) { refusal.map { .notStarted(1, $0) } ?? .status(0) }
        }
    }

    static func run(_ command: JudgedCommand, _ request: GuardRequest, _ settings: GuardSettings) -> ProgramRun.Ending {
        do throws(GuardError) {
            let run = try ProgramRun(command, searchPath: settings.searchPath)
            return run.run(deadline: request.deadlineSeconds, grace: request.graceSeconds)
        } catch {
            return .notStarted(127, error.description)
        }
    }

    /// The marks around what is done, and its status.
    private func answer(_ request: GuardRequest, _ work: () -> ProgramRun.Ending) -> Int32 {
        Descriptor.write(EnvelopeMarks.begin(nonce: request.nonce, at: secondsSince1970()), to: 2)
        let status: Int32
        switch work() {
        case .status(let number): status = number
        case .notStarted(let number, let reason):
            Descriptor.write("jarvis-guard: \(reason)\n", to: 2)
            status = number
        case .goesOn:
            // Without an end mark Jarvis takes it for unknown, which it is.
            Descriptor.write("jarvis-guard: it goes on after KILL\n", to: 2)
            log("could not be ended", request)
            return Self.refusedStatus
        }
        Descriptor.write(EnvelopeMarks.end(nonce: request.nonce, status: status, at: secondsSince1970()), to: 2)
        return status
    }

    private func refuse(_ reason: String, _ request: GuardRequest?) -> Int32 {
        if let request {
            Descriptor.write(EnvelopeMarks.refused(nonce: request.nonce, reason: reason), to: 2)
            SystemLog.warn("refused: \(reason); \(Self.about(request))")
        } else {
            Descriptor.write("jarvis-guard: refused: \(reason)\n", to: 2)
            let asked = getenv("SSH_ORIGINAL_COMMAND").map { String(cString: $0) } ?? ""
            SystemLog.warn("refused: \(reason); from=\(Self.peer) command=\(asked.prefix(200))")
        }
        return Self.refusedStatus
    }

    private func log(_ what: String, _ request: GuardRequest) { SystemLog.note("\(what): \(Self.about(request))") }

    private static func about(_ request: GuardRequest) -> String {
        "from=\(peer) epoch=\(request.epoch) intent=\(request.intent ?? "none") "
            + "class=\(request.commandClass.rawValue) command=\(request.canonical)"
    }

    private static var peer: String {
        let connection = getenv("SSH_CONNECTION").map { String(cString: $0) } ?? ""
        return connection.split(separator: " ").first.map(String.init) ?? "unknown"
    }
}
