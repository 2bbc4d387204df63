// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@testable import JarvisGuard

@Suite struct GuardianTests {
    static let now: Int64 = 1_760_000_000
    static let look = "'docker' 'ps'"
    static let restart = "'docker' 'restart' 'web'"

    let requests: Requests
    let guardian: Guardian

    init() throws {
        requests = try Requests()
        let file = try GuardFile(requests.file(), name: "test")
        guardian = Guardian(settings: file.settings, policy: file.policy)
    }

    private func admit(
        _ envelope: SignedEnvelope, _ state: inout GuardState, now: Int64 = now,
        resolve: (String) -> PathResolution = { _ in .same }
    ) throws -> Guardian.Admission {
        try guardian.admit(envelope, state: &state, now: now, resolve: resolve)
    }

    /// The reason for a refusal, which must leave the state as it was.
    private func refusal(
        _ envelope: SignedEnvelope, _ state: GuardState = GuardState(), now: Int64 = now,
        resolve: (String) -> PathResolution = { _ in .same }
    ) -> String {
        var changed = state
        do {
            let admission = try admit(envelope, &changed, now: now, resolve: resolve)
            Issue.record("admitted: \(admission)")
            return ""
        } catch {
            #expect(changed == state)
            return "\(error)"
        }
    }

    private func change(
        _ canonical: String = restart, intent: String? = "i1", epoch: UInt64 = 7, expires: Int64 = now + 60,
        commandClass: CommandClass = .bounded
    ) throws -> SignedEnvelope {
        try requests.envelope(canonical, epoch: epoch, intent: intent, expires: expires, commandClass: commandClass)
    }

    @Test func `a signed look and a signed change of an allowed target are admitted`() throws {
        var state = GuardState()
        guard case .run(let look, nil) = try admit(try requests.envelope(Self.look, expires: Self.now + 60), &state)
        else {
            Issue.record("not run")
            return
        }
        #expect(look.canonical == Self.look)
        #expect(state.epoch == 7 && state.intents.isEmpty && state.changes.isEmpty)
        guard case .run(let change, nil) = try admit(try change(), &state) else {
            Issue.record("not run")
            return
        }
        #expect(change.commandClass == .bounded)
        #expect(state.intents == ["i1": Self.now + 60] && state.changes == [Self.now])
    }

    @Test func `what typed actions and probes send is admitted as it is`() throws {
        let policy = try Policy.shipped()
        let web = try ContainerName("web")
        let nginx = try UnitName("nginx.service")
        for privilege in [Privilege.login, .root] {
            let commands = [
                try policy.judge(words: ["docker", "start", web.text], as: privilege),
                try policy.judge(words: ["docker", "restart", web.text], as: privilege),
                try policy.inspectContainer(web, as: privilege),
                try policy.judge(words: ["systemctl", "start", nginx.text], as: privilege),
                try policy.judge(words: ["systemctl", "restart", nginx.text], as: privilege),
                try policy.showUnit(nginx),
            ]
            for (number, command) in commands.enumerated() {
                let file = try GuardFile(requests.file(), name: "test", for: command.canonical)
                var state = GuardState()
                let envelope = try change(
                    command.canonical, intent: command.commandClass == .observe ? nil : "i\(number)",
                    commandClass: command.commandClass)
                let admission = try Guardian(settings: file.settings, policy: file.policy)
                    .admit(envelope, state: &state, now: Self.now, resolve: HostPaths.resolve)
                guard case .run(let admitted, nil) = admission else { continue }
                #expect(admitted.canonical == command.canonical && admitted.commandClass == command.commandClass)
            }
        }
    }

    @Test func `only a key of the file signs`() throws {
        let foreign = try Requests(seed: 2).envelope(Self.look, expires: Self.now + 60)
        #expect(refusal(foreign).contains("not signed"))
        let good = try requests.envelope(Self.look, expires: Self.now + 60)
        for (index, bit) in [(0, 1), (31, 128), (32, 1), (63, 16)] {
            var signature = good.signature
            signature[index] ^= UInt8(bit)
            #expect(refusal(try #require(SignedEnvelope(good.request, signature: signature))).contains("not signed"))
        }
        let other = try requests.envelope("'docker' 'ps' '-a'", expires: Self.now + 60)
        #expect(refusal(try #require(SignedEnvelope(other.request, signature: good.signature))).contains("not signed"))
    }

    @Test func `another host's request is refused`() throws {
        let other = try requests.envelope(Self.look, host: "other", expires: Self.now + 60)
        #expect(refusal(other).contains("another host"))
    }

    @Test func `the host's clock decides, give or take thirty seconds`() throws {
        var state = GuardState()
        _ = try admit(try requests.envelope(Self.look, expires: Self.now - 30), &state)
        #expect(refusal(try requests.envelope(Self.look, expires: Self.now - 31)).contains("expired"))
        _ = try admit(try requests.envelope(Self.look, expires: Self.now + 630), &state)
        #expect(refusal(try requests.envelope(Self.look, expires: Self.now + 631)).contains("too long"))
    }

    @Test func `an intent is accepted once, also when the clock goes back`() throws {
        var state = GuardState()
        let envelope = try change()
        _ = try admit(envelope, &state)
        #expect(refusal(envelope, state).contains("accepted before"))
        // Forgotten after it expired, and then the clock is set back.
        _ = try admit(try change(intent: "i2", expires: Self.now + 5000), &state, now: Self.now + 4970)
        #expect(state.intents["i1"] == nil)
        #expect(refusal(envelope, state).contains("expired long ago"))
        _ = try admit(try change(intent: "i3", expires: Self.now + 61), &state)
    }

    @Test func `an epoch that is over changes nothing, and may still look`() throws {
        var state = GuardState()
        _ = try admit(try requests.envelope(Self.look, epoch: 9, expires: Self.now + 60), &state)
        #expect(state.epoch == 9)
        #expect(refusal(try change(epoch: 8), state).contains("epoch 8 is over"))
        _ = try admit(try requests.envelope(Self.look, epoch: 8, expires: Self.now + 60), &state)
        #expect(state.epoch == 9)
        _ = try admit(try change(epoch: 9), &state)
        let confirm = try requests.envelope("", .confirm, epoch: 8, intent: "i1", expires: Self.now + 60)
        #expect(refusal(confirm, state).contains("epoch 8 is over"))
    }

    @Test func `changes within an hour are counted`() throws {
        var state = GuardState()
        for number in 0..<20 { _ = try admit(try change(intent: "n\(number)"), &state) }
        #expect(refusal(try change(intent: "n20"), state).contains("guard-rate"))
        _ = try admit(try requests.envelope(Self.look, expires: Self.now + 60), &state)
        _ = try admit(try change(intent: "n20", expires: Self.now + 3660), &state, now: Self.now + 3601)
    }

    @Test func `class, target and text are this host's own judgement`() throws {
        #expect(refusal(try change("'docker' 'restart' 'mail'")).contains("allow-target"))
        #expect(refusal(try change("'docker' 'stop' 'web'", commandClass: .disruptive)).contains("no further than"))
        #expect(refusal(try change("'docker' 'rm' '-f' 'web'", commandClass: .highRisk)) != "")
        #expect(refusal(try change("'sh' '-c' 'id'")) != "")
        #expect(refusal(try change("docker restart web")).contains("not printed"))
        #expect(
            refusal(try change("'docker' 'restart' 'web'; 'docker' 'restart' 'web'")).contains("more than one step"))
        let understated = try requests.envelope(Self.restart, expires: Self.now + 60)
        #expect(refusal(understated).contains("this host for bounded"))
        var state = GuardState()
        _ = try admit(try change("'systemctl' 'restart' 'nginx.service'", intent: "u"), &state)
        _ = try admit(try change("'sudo' '-n' 'systemctl' 'restart' 'nginx'", intent: "v"), &state)
        #expect(refusal(try change("'systemctl' 'restart' 'nginx2'")).contains("allow-target"))
    }

    @Test func `a path behind symbolic links must be allowed itself`() throws {
        let read = try requests.envelope("'cat' '/var/log/app/x.log'", expires: Self.now + 60)
        var state = GuardState()
        _ = try admit(read, &state) { _ in .elsewhere("/var/log/other/x.log") }
        #expect(refusal(read) { _ in .elsewhere("/etc/shadow") }.contains("symbolic link"))
        #expect(refusal(read) { _ in .unknown("Permission denied") }.contains("can't be seen"))
        // What is changed there must be an allowed target, too.
        let file = try GuardFile(requests.file("allow-target path /etc/logrotate.d/nginx"), name: "test")
        let rotate = try change("'logrotate' '-f' '/etc/logrotate.d/nginx'")
        for (end, wanted) in [("/etc/logrotate.d/nginx", ""), ("/etc/logrotate.d/other", "allow-target")] {
            var state = GuardState()
            let end = end == "/etc/logrotate.d/nginx" ? PathResolution.same : .elsewhere(end)
            let guardian = Guardian(settings: file.settings, policy: file.policy)
            do {
                _ = try guardian.admit(rotate, state: &state, now: Self.now) { _ in end }
                #expect(wanted == "")
            } catch {
                #expect(wanted != "" && error.reason.contains("symbolic link") && error.reason.contains(wanted))
            }
        }
        // In a list every command counts.
        let list = try requests.envelope("'cat' '/etc/hosts'; 'cat' '/etc/fstab'", expires: Self.now + 60)
        #expect(refusal(list) { $0 == "/etc/fstab" ? .elsewhere("/root/.ssh/id") : .same }.contains("symbolic link"))
    }

    @Test func `a timed revert is admitted like a change`() throws {
        var state = GuardState()
        let arm = try requests.envelope(
            Self.restart, .arm(seconds: 60), intent: "r1", expires: Self.now + 60, commandClass: .bounded)
        guard case .arm(let command, "r1", 60) = try admit(arm, &state) else {
            Issue.record("not armed")
            return
        }
        #expect(command.canonical == Self.restart)
        #expect(refusal(arm, state).contains("accepted before"))
        let foreign = try requests.envelope(
            "'docker' 'restart' 'mail'", .arm(seconds: 60), intent: "r2", expires: Self.now + 60, commandClass: .bounded
        )
        #expect(refusal(foreign, state).contains("allow-target"))
        let confirm = try requests.envelope("", .confirm, intent: "r1", expires: Self.now + 60)
        #expect(try admit(confirm, &state) == .confirm(id: "r1"))
    }
}
