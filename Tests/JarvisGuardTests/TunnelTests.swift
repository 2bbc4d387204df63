// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@testable import JarvisGuard

/// The local end of a tunnel that is down, on a guard that goes no further than `bounded`.
@Suite struct TunnelTests {
    static let now = GuardianTests.now
    static let start = "'systemctl' 'start' 'wg-quick@wg0'"
    static let stop = "'systemctl' 'stop' 'wg-quick@wg0'"

    let requests: Requests
    let file: GuardFile

    init() throws {
        requests = try Requests()
        file = try GuardFile(requests.file("allow-target unit wg-quick@wg0"), name: "test")
    }

    private func guardian(absent: Set<String>) -> Guardian {
        Guardian(settings: file.settings, policy: file.policy, isAbsent: { absent.contains($0) })
    }

    private func request(
        _ canonical: String, _ verb: GuardRequest.Verb = .run, intent: String = "i1", under: String? = nil,
        epoch: UInt64 = 7, as commandClass: CommandClass = .bounded
    ) throws -> SignedEnvelope {
        try requests.envelope(
            canonical, verb, epoch: epoch, intent: intent, under: under, expires: Self.now + 60,
            commandClass: commandClass)
    }

    private func armed(_ canonical: String = stop, epoch: UInt64 = 7, seconds: Int = 300) throws -> TimedRevert {
        let request = try request(canonical, .arm(seconds: seconds), intent: "r1", epoch: epoch).request
        return TimedRevert(id: "r1", seconds: seconds, now: Self.now, request)
    }

    /// The reason for a refusal; nil when it is admitted.
    private func refusal(
        _ envelope: SignedEnvelope, absent: Set<String> = ["wg0"], armed: [TimedRevert] = []
    ) -> String? {
        var state = GuardState()
        do {
            _ = try guardian(absent: absent).admit(envelope, state: &state, now: Self.now, armed: armed) { _ in .same }
            return nil
        } catch {
            #expect(state == GuardState())
            return "\(error)"
        }
    }

    @Test func `may be brought up under an armed revert, and only so`() throws {
        let change = try request(Self.start, under: "r1")
        #expect(refusal(change, armed: [try armed()]) == nil)
        #expect(refusal(change)?.contains("is not armed") == true)
        #expect(refusal(try request(Self.start), armed: [try armed()])?.contains("highRisk") == true)
        #expect(refusal(change, absent: [], armed: [try armed()])?.contains("highRisk") == true)
        #expect(refusal(change, absent: ["wg1"], armed: [try armed()])?.contains("highRisk") == true)
        // Of another tunnel, of another start of Jarvis, or over before the change surely is.
        #expect(refusal(change, armed: [try armed("'systemctl' 'stop' 'wg-quick@wg1'")])?.contains("highRisk") == true)
        #expect(refusal(change, armed: [try armed(epoch: 6)])?.contains("is not armed") == true)
        #expect(refusal(change, armed: [try armed(seconds: 20)])?.contains("is not armed") == true)
    }

    @Test func `a change that names a revert does not run without it, whatever it is`() throws {
        let restart = try request("'docker' 'restart' 'web'", under: "r1")
        #expect(refusal(restart)?.contains("is not armed") == true)
        #expect(refusal(restart, armed: [try armed("'docker' 'start' 'web'")]) == nil)
    }

    @Test func `a unit of another type is no tunnel`() throws {
        for suffix in [".timer", ".path", ".socket", ".target"] {
            let name = "wg-quick@wg0\(suffix)"
            let file = try GuardFile(requests.file("allow-target unit \(name)"), name: "test")
            let guardian = Guardian(settings: file.settings, policy: file.policy, isAbsent: { _ in true })
            let start = try request("'systemctl' 'start' '\(name)'", under: "r1")
            var state = GuardState()
            #expect(throws: Refusal.self, "\(name)") {
                try guardian.admit(
                    start, state: &state, now: Self.now, armed: [try armed("'systemctl' 'stop' '\(name)'")]
                ) { _ in .same }
            }
        }
    }

    @Test func `its revert may be armed while it is down, and not run as a command`() throws {
        let arm = try request(Self.stop, .arm(seconds: 300), intent: "r1")
        #expect(refusal(arm) == nil)
        #expect(refusal(arm, absent: [])?.contains("highRisk") == true)
        #expect(refusal(try request(Self.stop))?.contains("highRisk") == true)
        #expect(refusal(try request(Self.stop), armed: [try armed()])?.contains("highRisk") == true)
        // Nothing else becomes less risky by being armed.
        #expect(refusal(try request("'systemctl' 'stop' 'nginx'", .arm(seconds: 300)))?.contains("disruptive") == true)
    }

    @Test func `must be a target of the host's file`() throws {
        let other = "'systemctl' 'start' 'wg-quick@wg1'"
        let revert = "'systemctl' 'stop' 'wg-quick@wg1'"
        let reason = refusal(try request(other, under: "r1"), absent: ["wg1"], armed: [try armed(revert)])
        #expect(reason?.contains("allow-target") == true)
        #expect(refusal(try request(revert, .arm(seconds: 300)), absent: ["wg1"])?.contains("allow-target") == true)
    }

    @Test func `is taken down by its revert although it is up by then`() throws {
        #expect(throws: Never.self) { try guardian(absent: []).judge(revert: Self.stop) }
        #expect(throws: Refusal.self) { try guardian(absent: []).judge(revert: "'systemctl' 'stop' 'nginx'") }
        #expect(throws: Refusal.self) { try guardian(absent: []).judge(revert: "'systemctl' 'stop' 'wg-quick@wg1'") }
    }

    @Test func `interfaces that exist are not absent, and where none can be seen none is`() {
        #expect(!NetworkInterfaces.isAbsent("lo"))
        #expect(NetworkInterfaces.isAbsent("wgnever0"))
    }
}
