// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JarvisHosts

@Suite struct `The state of a connection` {
    private let now = ContinuousClock.now
    private let names = SSHFileNames(newIn: "/x")

    private func state() -> SSHLineState { SSHLineState(firstBackoff: .seconds(1), longestBackoff: .seconds(5)) }

    @Test func `starts once, and lets everybody else wait`() {
        var state = state()
        #expect(state.wanted(now: now) == .start(generation: 1))
        #expect(state.wanted(now: now) == .wait)
        #expect(state.opened(generation: 1, names: names) == true)
        #expect(state.wanted(now: now) == .use(SSHLine(generation: 1, names: names)))
    }

    @Test func `waits longer after each failed attempt, up to a limit, and not at all after a success`() {
        var state = state()
        var instant = now
        for (attempt, pause) in [1, 2, 4, 5, 5].enumerated() {
            #expect(state.wanted(now: instant) == .start(generation: attempt + 1))
            #expect(state.ended(generation: attempt + 1, reason: "gone", now: instant) == true)
            #expect(state.wanted(now: instant) == .refuse("gone; not tried again for \(pause + 1) s"))
            instant += .seconds(pause)
        }
        #expect(state.wanted(now: instant) == .start(generation: 6))
        #expect(state.opened(generation: 6, names: names) == true)
        #expect(state.ended(generation: 6, reason: "lost", now: instant) == true)
        #expect(state.wanted(now: instant) == .start(generation: 7))
        #expect(state.ended(generation: 7, reason: "gone", now: instant) == true)
        #expect(state.wanted(now: instant) == .refuse("gone; not tried again for 2 s"))
    }

    @Test func `believes no news of an earlier attempt`() {
        var state = state()
        _ = state.wanted(now: now)
        _ = state.ended(generation: 1, reason: "gone", now: now)
        #expect(state.opened(generation: 1, names: names) == false)
        #expect(state.wanted(now: now + .seconds(2)) == .start(generation: 2))
        #expect(state.ended(generation: 1, reason: "late", now: now) == false)
        #expect(state.opened(generation: 1, names: names) == false)
        #expect(state.wanted(now: now) == .wait)
        #expect(state.opened(generation: 2, names: names) == true)
        #expect(state.opened(generation: 2, names: names) == false)
        state.suspected(generation: 1)
        #expect(state.wanted(now: now) == .use(SSHLine(generation: 2, names: names)))
    }

    @Test func `has a suspect connection checked until its master answered`() {
        var state = state()
        let line = SSHLine(generation: 1, names: names)
        _ = state.wanted(now: now)
        _ = state.opened(generation: 1, names: names)
        state.suspected(generation: 1)
        #expect(state.wanted(now: now) == .check(line))
        #expect(state.wanted(now: now) == .check(line))
        state.trusted(generation: 1)
        #expect(state.wanted(now: now) == .use(line))
    }

    @Test func `starts nothing after the end`() {
        var state = state()
        _ = state.wanted(now: now)
        state.shutDown()
        #expect(state.wanted(now: now + .seconds(100)) == .refuse("Jarvis is shutting down"))
        #expect(state.opened(generation: 1, names: names) == false)
        #expect(state.ended(generation: 1, reason: "x", now: now) == false)
    }
}

@Suite struct `The reason for a failed connection` {
    @Test(arguments: [
        (
            "@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\nHost key verification failed.\n",
            SSHFailure.hostKeyChanged
        ),
        (
            "No ED25519 host key is known for x and you have requested strict checking.\nHost key verification failed.\n",
            .hostKeyUnknown
        ),
        ("jarvis@h: Permission denied (publickey).\n", .loginRefused),
        ("ssh: connect to host h port 22: Connection refused\n", .connectionRefused),
        ("ssh: connect to host h port 22: Connection timed out\n", .timedOut),
        ("ssh: connect to host h port 22: No route to host\n", .unreachable),
        ("ssh: Could not resolve hostname h: Name or service not known\n", .nameUnknown),
        ("", .other("")), ("first\nlast\u{1B}[31m\n\n", .other("last\u{FFFD}[31m")),
    ])
    func `is understood`(text: String, failure: SSHFailure) {
        #expect(SSHFailure(standardError: text) == failure)
    }
}
