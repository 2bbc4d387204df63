// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

/// Silences beside the life of an incident.
@Suite struct SilenceTests {
    typealias Life = IncidentLife

    private static let wish = SilenceWish.silence(seconds: 3_600, by: "ada", reason: "moving the rack")

    private static func name(_ text: String = "14a0ef7e-93c2") throws -> SilenceID { try #require(SilenceID(text)) }

    private static func intent(
        _ number: UInt8 = 7, _ change: APIIntent.Change = .createSilence, attempt: Int = 1, at seconds: Double = 20,
        service: APIService? = nil
    ) -> APIIntent {
        APIIntent(
            id: Homelab.id(number), incident: Homelab.id(1), step: 0, attempt: attempt, change: change, digest: "d",
            fencingToken: 1, recordedAt: Homelab.at(seconds), deadlineSeconds: 10, service: service)
    }

    private static func wanted() throws -> Life {
        var life = Life(rules: try Homelab.rules())
        try life.apply(.silenceWanted(wish), at: 10)
        return life
    }

    private static func creating() throws -> Life {
        var life = try wanted()
        try life.apply(.silenceIntended(intent(), canonical: "c"), at: 20)
        return life
    }

    private static func standing() throws -> Life {
        var life = try creating()
        try life.apply(.silenceAnswered(Homelab.id(7), APIReceipt(.done(object: name().text))), at: 21)
        return life
    }

    private func next(_ life: Life, _ event: IncidentEvent, at seconds: Double) throws -> Transition {
        try life.machine.handle(event, life.incident, at: Homelab.at(seconds))
    }

    private func reason(_ life: Life) -> String? {
        if case .over(let reason) = life.incident.silences.first?.state { reason } else { nil }
    }

    @Test func `a wish is recorded with its person, its job and its end, and changes no phase`() throws {
        let life = Life(rules: try Homelab.rules())
        let transition = try next(life, .silenceWanted(Self.wish), at: 10)
        #expect(transition.incident.phase == life.incident.phase)
        #expect(transition.jobs.map(\.work) == [.silence(life.incident.id)])
        #expect(transition.entries.map(\.what) == ["silence wanted"])
        let record = try #require(transition.audit.first)
        #expect(record.event == .silence)
        #expect(record.actor == .person("ada"))
        #expect(record.why == "moving the rack")
        #expect(record.until == RFC3339.format(Homelab.at(3_610)))
        let silence = try #require(transition.incident.silences.first)
        #expect(silence.labels == Homelab.alert().labels)
        #expect(silence.endsAt == Homelab.at(3_610))
        let stored = try JSONDecoder().decode(Incident.self, from: JSONEncoder().encode(transition.incident))
        #expect(stored == transition.incident)
    }

    @Test(arguments: [
        (SilenceWish.silence(seconds: 59, by: "ada", reason: ""), "from a minute to a day"),
        (.silence(seconds: 86_401, by: "ada", reason: ""), "from a minute to a day"),
        (.silence(seconds: .nan, by: "ada", reason: ""), "from a minute to a day"),
        (.silence(seconds: 60, by: "ada", reason: String(repeating: "x", count: 1_001)), "at most 1000 bytes"),
        (.end(by: "ada"), "nothing of this incident is silenced"),
    ])
    func `what can't be wanted is refused with a reason`(_ wish: SilenceWish, _ reason: String) throws {
        let life = Life(rules: try Homelab.rules())
        let refusal = #expect(throws: EventRefusal.self) { try next(life, .silenceWanted(wish), at: 10) }
        #expect(refusal?.description.contains(reason) == true)
    }

    @Test func `neither what is silenced already, nor what does not fire, nor what ended is silenced`() throws {
        let life = try Self.wanted()
        let twice = #expect(throws: EventRefusal.self) { try next(life, .silenceWanted(Self.wish), at: 11) }
        #expect(twice?.description.contains("silenced until") == true)
        var resolved = Life(rules: try Homelab.rules())
        try resolved.apply(.reported(Homelab.alert(state: .resolved)))
        #expect(throws: EventRefusal.refused("none of its alerts fires")) {
            try next(resolved, .silenceWanted(Self.wish), at: 11)
        }
        var fixed = Life(rules: try Homelab.rules())
        try Life.toFixed(&fixed)
        #expect(throws: EventRefusal.refused("the incident has ended")) {
            try next(fixed, .silenceWanted(Self.wish), at: 40)
        }
    }

    @Test func `an alert without a name, or with odd label names, is not silenced`() throws {
        for labels in [["severity": "critical"], ["alertname": ""], ["alertname": "A", "a-b": "c"]] {
            let alert = Alert(labels: LabelSet(labels), state: .firing, startsAt: Homelab.start)
            let life = Life(rules: try Homelab.rules(), alert: alert)
            #expect(throws: EventRefusal.self) { try next(life, .silenceWanted(Self.wish), at: 10) }
        }
    }

    @Test func `an intent comes with the job that asks what became of it, and its receipt settles it`() throws {
        let life = try Self.wanted()
        let begun = try next(life, .silenceIntended(Self.intent(), canonical: "silence.create {}"), at: 20)
        #expect(begun.incident.silences.first?.pending == Self.intent())
        #expect(
            begun.jobs == [
                JobRequest(
                    .silence(life.incident.id), dueAt: Homelab.at(30), priority: life.incident.priority,
                    lane: life.incident.lane)
            ])
        #expect(begun.audit.first?.event == .intent)
        #expect(begun.audit.first?.call == "silence.create {}")
        let silenced = try Self.standing()
        #expect(silenced.incident.silences.first?.state == .standing(try Self.name(), failures: 0))
        #expect(silenced.incident.silences.first?.due == nil)
        // A second answer, and a second intent while one stands, are too late.
        #expect(throws: EventRefusal.stale) {
            try next(silenced, .silenceAnswered(Homelab.id(7), APIReceipt(.done(object: "a"))), at: 22)
        }
        #expect(throws: EventRefusal.stale) {
            try next(silenced, .silenceIntended(Self.intent(8), canonical: ""), at: 22)
        }
    }

    @Test func `a lost answer is asked after until it is known, and is said once`() throws {
        var life = try Self.creating()
        let first = try next(life, .silenceUnanswered(Homelab.id(7), reason: "lost"), at: 21)
        // Not before the request must have ended.
        #expect(first.incident.silences.first?.due == Homelab.at(30))
        #expect(first.entries.map(\.what) == ["silence unknown"])
        #expect(first.audit.isEmpty)
        life.incident = first.incident
        let second = try next(life, .silenceUnanswered(Homelab.id(7), reason: "away"), at: 30)
        #expect(second.entries.isEmpty)
        #expect(second.incident.silences.first?.due == Homelab.at(35))
        #expect(second.incident.silences.first?.doubt == "away")
        life.incident = second.incident
        for _ in 0..<20 { try life.apply(.silenceUnanswered(Homelab.id(7), reason: "away"), at: 40) }
        #expect(life.incident.silences.first?.due == Homelab.at(340))
        let known = try next(
            life, .silenceAnswered(Homelab.id(7), APIReceipt(.done(object: "ab"), isProbe: true)), at: 340)
        #expect(known.entries.last?.detail.contains("found by its comment") == true)
        #expect(known.audit.first?.ending == "found")
        #expect(known.incident.silences.first?.doubt == nil)
    }

    @Test func `only what surely did not happen is tried again, a few times, each under its own intent`() throws {
        var life = try Self.wanted()
        for attempt in 1...IncidentMachine.maximumSilenceAttempts {
            let number = UInt8(10 + attempt)
            let at = Double(100 * attempt)
            #expect(throws: EventRefusal.stale) {
                try next(life, .silenceIntended(Self.intent(number, attempt: attempt + 1), canonical: ""), at: at)
            }
            try life.apply(.silenceIntended(Self.intent(number, attempt: attempt), canonical: ""), at: at)
            try life.apply(
                .silenceAnswered(Homelab.id(number), APIReceipt(.notDone(reason: "refused connection"))), at: at)
        }
        #expect(reason(life)?.contains("given up after 5 attempts") == true)
        #expect(life.incident.silences.first?.due == nil)
    }

    @Test func `a refusal is final`() throws {
        var life = try Self.creating()
        let words = UntrustedText("bad\u{1B}[31m matcher" + String(repeating: "x", count: 900))
        try life.apply(.silenceAnswered(Homelab.id(7), APIReceipt(.refused(words))), at: 21)
        let said = try #require(reason(life))
        #expect(said.hasPrefix("Alertmanager refused it: bad\u{FFFD}[31m matcher"))
        #expect(said.count < 400)
        #expect(life.incident.silences.first?.due == nil)
    }

    @Test func `a person ends it, wherever it stands`() throws {
        var before = try Self.wanted()
        try before.apply(.silenceWanted(.end(by: "bob")), at: 15)
        #expect(reason(before)?.contains("was not made") == true)

        var during = try Self.creating()
        try during.apply(.silenceWanted(.end(by: "bob")), at: 21)
        #expect(during.incident.silences.first?.due == Homelab.at(30))
        let made = try next(during, .silenceAnswered(Homelab.id(7), APIReceipt(.done(object: "ab"))), at: 22)
        #expect(made.incident.silences.first?.due == Homelab.at(22))
        #expect(made.jobs.map(\.work) == [.silence(during.incident.id)])
        try during.apply(.silenceAnswered(Homelab.id(7), APIReceipt(.notDone(reason: "no"))), at: 22)
        #expect(reason(during)?.contains("not wanted any more") == true)

        var after = try Self.standing()
        try after.apply(.silenceWanted(.end(by: "bob")), at: 30)
        #expect(after.incident.silences.first?.due == Homelab.at(30))
        let ending = try next(after, .silenceIntended(Self.intent(9, .endSilence, at: 31), canonical: ""), at: 31)
        #expect(ending.audit.first?.actor == .person("bob"))
        after.incident = ending.incident
        try after.apply(.silenceAnswered(Homelab.id(9), APIReceipt(.done(object: "ab"))), at: 32)
        #expect(reason(after) == "ended")
        #expect(throws: EventRefusal.self) { try next(after, .silenceWanted(.end(by: "bob")), at: 33) }
    }

    @Test(arguments: [
        APIReceipt(.notDone(reason: "no connection")), APIReceipt(.refused(UntrustedText("HTTP 401"))),
    ])
    func `to end one is tried until it ends by itself, whatever is answered`(_ receipt: APIReceipt) throws {
        var life = try Self.standing()
        try life.apply(.silenceWanted(.end(by: "bob")), at: 30)
        for attempt in 1...3 * IncidentMachine.maximumSilenceAttempts {
            let intent = Self.intent(UInt8(20 + attempt), .endSilence, attempt: attempt, at: 31)
            try life.apply(.silenceIntended(intent, canonical: ""), at: 31)
            try life.apply(.silenceAnswered(intent.id, receipt), at: 32)
            #expect(life.incident.silences.first?.state == .standing(try Self.name(), failures: attempt))
            let due = try #require(life.incident.silences.first?.due)
            #expect((37...332).contains(due.timeIntervalSince(Homelab.start)))
        }
    }

    @Test func `the end of an incident ends its silence, which goes on beside it`() throws {
        var life = try Self.standing()
        try life.apply(.diagnosed(Homelab.down, TrackRecord()))
        try life.apply(.intended(Life.intent(for: life.incident, number: 3)))
        try life.apply(.received(Homelab.id(3), Life.ok))
        try life.apply(.observed(Life.repaired(40), round: 0), at: 40)
        let end = try next(life, .observed(Life.repaired(50), round: 1), at: 50)
        #expect(end.isEnd)
        #expect(end.incident.phase.isClosed)
        #expect(end.incident.silences.first?.end == .incident)
        #expect(end.jobs.map(\.work) == [.silence(life.incident.id)])
        #expect(end.entries.last?.what == "fixed")
        life.incident = end.incident
        let ending = try next(life, .silenceIntended(Self.intent(9, .endSilence, at: 51), canonical: ""), at: 51)
        #expect(!ending.isEnd)
        #expect(ending.audit.first?.actor == .jarvis)
        life.incident = ending.incident
        try life.apply(.silenceAnswered(Homelab.id(9), APIReceipt(.done(object: "ab"), isProbe: true)), at: 52)
        #expect(reason(life)?.hasPrefix("ended") == true)
        #expect(life.incident.phase == end.incident.phase)
    }

    @Test func `what ran out needs nobody to end it`() throws {
        var life = try Self.standing()
        try life.apply(.diagnosed(Homelab.down, TrackRecord()))
        let end = try next(life, .refused(step: 0, reason: "no"), at: 4_000)
        #expect(end.incident.phase.isClosed)
        #expect(
            end.incident.silences.first?.state
                == .over(reason: "it ran out at \(RFC3339.format(Homelab.at(3_610)))"))
        #expect(end.jobs.isEmpty)
    }

    @Test func `the reason for a wait is noted once, and what may not be asked for is over`() throws {
        var held = try Self.wanted()
        let first = try next(held, .silenceHeld(step: 0, reason: "paused", retryAfter: 15), at: 20)
        #expect(first.entries.map(\.what) == ["silence held back"])
        #expect(first.incident.silences.first?.due == Homelab.at(35))
        held.incident = first.incident
        #expect(try next(held, .silenceHeld(step: 0, reason: "paused", retryAfter: 15), at: 35).entries.isEmpty)
        try held.apply(.silenceHeld(step: 0, reason: "dry run", retryAfter: nil), at: 36)
        #expect(reason(held) == "dry run")
    }

    @Test func `which service was asked is kept with the silence, and its end is for no other`() throws {
        let here = APIService(url: "https://Alerts.example:443/am/")
        var life = try Self.wanted()
        let begun = try next(life, .silenceIntended(Self.intent(service: here), canonical: "c"), at: 20)
        #expect(begun.entries.map(\.detail) == ["attempt 1 at https://alerts.example/am: c"])
        #expect(begun.audit.map(\.call) == ["c at https://alerts.example/am"])
        #expect(begun.incident.silences.first?.whereabouts == here)
        life.incident = begun.incident
        try life.apply(.silenceAnswered(Homelab.id(7), APIReceipt(.done(object: Self.name().text))), at: 21)
        #expect(life.incident.silences.first?.service == here)
        try life.apply(.silenceWanted(.end(by: "bob")), at: 30)
        let stored = try JSONDecoder().decode(Incident.self, from: JSONEncoder().encode(life.incident))
        #expect(stored == life.incident)
        let elsewhere = Self.intent(9, .endSilence, at: 31, service: APIService(url: "http://other:9093"))
        let refusal = #expect(throws: EventRefusal.self) {
            try next(life, .silenceIntended(elsewhere, canonical: ""), at: 31)
        }
        #expect(refusal?.description.contains("sent to http://other:9093") == true)
        try life.apply(.silenceIntended(Self.intent(9, .endSilence, at: 31, service: here), canonical: ""), at: 31)
        #expect(life.incident.silences.first?.pending?.service == here)
    }

    @Test func `what was stored before services were named is read, and is that of any`() throws {
        var life = try Self.creating()
        let text = String(decoding: try JSONEncoder().encode(life.incident), as: UTF8.self)
        #expect(!text.contains("service"))
        #expect(life.incident.silences.first?.whereabouts == nil)
        #expect(life.incident.silences.first?.obstacle(configured: APIService(url: "http://b")) == nil)
        life.incident.silences[0].state = .standing(try Self.name(), failures: 0)
        #expect(life.incident.silences.first?.obstacle(configured: nil)?.contains("set alertmanager.url") == true)
    }

    @Test func `what may have been asked for waits, and is never over, while it can't be asked about`() throws {
        let life = try Self.creating()
        let held = try next(life, .silenceHeld(step: 0, reason: "elsewhere", retryAfter: 60), at: 40)
        #expect(held.incident.silences.first?.pending == Self.intent())
        #expect(held.incident.silences.first?.heldBy == "elsewhere")
        #expect(held.incident.silences.first?.due == Homelab.at(100))
        #expect(held.entries.map(\.what) == ["silence held back"])
        #expect(throws: EventRefusal.stale) {
            try next(life, .silenceHeld(step: 0, reason: "elsewhere", retryAfter: nil), at: 40)
        }
        var back = life
        back.incident = held.incident
        try back.apply(.silenceAnswered(Homelab.id(7), APIReceipt(.done(object: "ab"), isProbe: true)), at: 101)
        #expect(back.incident.silences.first?.heldBy == nil)
    }

    @Test func `a time that only a clock of before can have meant is now, and a look then waits once more`() throws {
        var life = try Self.standing()
        try life.apply(.silenceWanted(.end(by: "bob")), at: 2_000)
        #expect(life.incident.dueSilence(at: Homelab.at(1_800)) == nil)
        #expect(life.incident.silencesDue(at: Homelab.at(1_800)) == Homelab.at(2_000))
        #expect(life.incident.dueSilence(at: Homelab.at(1_600))?.step == 0)
        #expect(life.incident.silencesDue(at: Homelab.at(1_600)) == Homelab.at(1_600))
        var asked = try Self.creating()
        #expect(asked.incident.dueSilence(at: Homelab.at(-3_000))?.step == 0)
        try asked.apply(.silenceUnanswered(Homelab.id(7), reason: "the clock"), at: -3_000)
        #expect(asked.incident.silences.first?.due == Homelab.at(-2_990))
    }

    @Test func `after a restore nothing is asked for that may have been asked for since`() throws {
        var life = try Self.wanted()
        try life.apply(.restored(Homelab.at(0)), at: 100)
        #expect(reason(life)?.contains("is not asked for again") == true)
        var asked = try Self.creating()
        try asked.apply(.restored(Homelab.at(0)), at: 100)
        #expect(asked.incident.silences.first?.pending == Self.intent())
    }

    @Test func `a change is judged from the alert's own labels, by equality, under a mark`() throws {
        let life = try Self.wanted()
        let silence = try #require(life.incident.silences.first)
        let change = try JudgedSilenceChange(
            next: silence, of: life.incident, under: Homelab.id(7), at: Homelab.at(20))
        guard case .create(let labels, let startsAt, let endsAt, let createdBy, let comment) = change.operation else {
            Issue.record("not a creation")
            return
        }
        #expect(labels == Homelab.alert().labels)
        #expect(startsAt == Homelab.at(20))
        #expect(endsAt == Homelab.at(3_610))
        #expect(createdBy == "jarvis for ada")
        #expect(comment.hasPrefix("jarvis intent \(Homelab.id(7) as IntentID) of incident \(life.incident.id): moving"))

        var foreign = silence
        foreign = Silence(
            labels: LabelSet(["alertname": "Other"]), by: "ada", reason: "", endsAt: silence.endsAt, due: Homelab.start)
        #expect(throws: SilenceRefusal.self) {
            try JudgedSilenceChange(next: foreign, of: life.incident, under: Homelab.id(7), at: Homelab.at(20))
        }
        for at in [3_610.0, -90_000] {
            #expect(throws: SilenceRefusal.self) {
                try JudgedSilenceChange(next: silence, of: life.incident, under: Homelab.id(7), at: Homelab.at(at))
            }
        }
        let standing = try #require(try Self.standing().incident.silences.first)
        #expect(throws: SilenceRefusal.self) {
            try JudgedSilenceChange(next: standing, of: life.incident, under: Homelab.id(7), at: Homelab.at(20))
        }
    }

    @Test func `two different changes have two different texts`() throws {
        var texts: Set<String> = []
        for name in ["a", "a\"", "a\\\"", "a\n", "a\\n", "a\",b=\"c"] {
            let alert = Alert(labels: LabelSet(["alertname": name]), state: .firing, startsAt: Homelab.start)
            var life = Life(rules: try Homelab.rules(), alert: alert)
            try life.apply(.silenceWanted(Self.wish), at: 10)
            let silence = try #require(life.incident.silences.first)
            texts.insert(
                try JudgedSilenceChange(next: silence, of: life.incident, under: Homelab.id(7), at: Homelab.at(20))
                    .canonical)
        }
        #expect(texts.count == 6)
    }

    @Test(arguments: ["", "a/b", "..", "a b", "14a0\n", String(repeating: "a", count: 65)])
    func `a name that is no part of an address is no name of a silence`(_ text: String) {
        #expect(SilenceID(text) == nil)
    }
}
