// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import Testing

@Suite struct IncidentCodingTests {
    static let now = Date(timeIntervalSince1970: 1_795_471_653.123456)
    static let web = Target(host: .local, kind: .container, name: "web")

    static func id<Subject>(_ byte: UInt8) -> Identifier<Subject> {
        Identifier(UUIDv7(at: now, random: Array(repeating: byte, count: 10)))
    }

    static let intent = Intent(
        id: id(2), incident: id(1), step: 0, action: Action(.containerStart, on: web),
        canonical: "'docker' 'start' 'web'",
        fencingToken: .max, recordedAt: now, remoteDeadlineSeconds: 75)

    static var verification: Verification {
        var verification = Verification(
            purpose: .repair, since: now, deadline: now.addingTimeInterval(120), stabilityWindow: 10)
        for kind in Signal.Kind.allCases {
            verification.goodSince[kind] = now
            verification.latest[kind] = Signal(
                kind: kind, source: "s", reading: .good, detail: "d\u{0}\u{202E}", observedAt: now, instance: "1")
        }
        verification.finalReadings = 1
        verification.round = 7
        return verification
    }

    static let phases: [Phase] =
        [
            .diagnosing, .awaitingApproval(Approval(planHash: "h", requestedAt: now, expiresAt: now)),
            .acting(step: 0, intent: nil), .acting(step: 3, intent: intent), .verifying(verification),
            .confirming(verification),
            .verifying(Verification(purpose: .recovery, since: now, deadline: now, stabilityWindow: 0)),
        ] + Outcome.allCases.map { .closed(Closing(outcome: $0, verdict: nil, reason: "r\n", at: now)) } + [
            .closed(Closing(outcome: .fixed, verdict: .worsened, reason: "", at: now))
        ]

    static let endings: [Receipt.Ending] = [
        .exited(status: 0), .exited(status: 255), .notStarted(reason: "n"), .timedOut, .unknown(reason: ""),
    ]

    @Test(arguments: phases)
    func `an incident comes back from its stored form in every phase`(_ phase: Phase) throws {
        let alert = Alert(
            labels: LabelSet(["alertname": "A", "odd": "\u{0}\"\\\n🔥e\u{301}"]), annotations: ["a": UntrustedText("b")],
            state: .resolved, startsAt: Self.now, endsAt: Self.now, generatorURL: UntrustedText("http://x"))
        var incident = Incident(id: Self.id(1), openedAt: Self.now, alert: alert, target: Self.web)
        incident.version = 9
        incident.phase = phase
        incident.plan = Plan(
            pattern: "p", target: Self.web, endpoint: "this machine",
            steps: [
                .init(
                    action: Action(.containerStart, on: Self.web), canonical: "c", commandClass: .bounded, revert: "u")
            ],
            reason: "r", confidence: 0.9)
        incident.attempts = Self.endings.map { .init(intent: Self.intent, receipt: Receipt(ending: $0, seconds: 0.1)) }
        incident.attempts.append(.init(intent: Self.intent))
        incident.attempts.append(
            .init(
                intent: Intent(
                    id: Self.id(7), incident: Self.id(1), step: 0, action: Action(.unitStart, on: Self.web),
                    canonical: "c", fencingToken: 1, recordedAt: Self.now, remoteDeadlineSeconds: 1,
                    revert: TimedRevert(
                        id: Self.id(8), canonical: "u", seconds: 300, earliest: Self.now, latest: Self.now)),
                confirmation: .sent))
        incident.approvedUntil = Self.now
        incident.baseline = [Signal(kind: .target, source: "s", reading: .badForGood, detail: "", observedAt: Self.now)]
        incident.timing = ObservationTiming(scrapeInterval: 15, keepFiringFor: 0.5)
        incident.diagnoses = 2
        let again = try JSONDecoder().decode(Incident.self, from: JSONEncoder().encode(incident))
        #expect(again == incident)
        #expect(again.members.first?.alert.fingerprint == alert.fingerprint)
    }

    @Test func `an action of an earlier version has no parameters, and one without is written as then`() throws {
        let stored =
            #"{"name":"container.start","target":{"host":"nexus","kind":"container","name":"web"}}"#
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let plain = try JSONDecoder().decode(Action.self, from: Data(stored.utf8))
        #expect(plain == Action(.containerStart, on: Target(host: plain.target.host, kind: .container, name: "web")))
        #expect(try String(decoding: encoder.encode(plain), as: UTF8.self) == stored)
        let target = Target(host: plain.target.host, kind: .host, name: "nexus")
        for parameters: Action.Parameters in [
            [.size: "500M"], [.age: "14d"], [.certificate: "a.example", .size: "1G"],
        ] {
            let action = Action(.journalVacuum, on: target, parameters)
            let text = try encoder.encode(action)
            #expect(try JSONDecoder().decode(Action.self, from: text) == action)
            // As an object by name: other programs read it, too.
            #expect(String(decoding: text, as: UTF8.self).contains("\"parameters\":{"))
        }
        #expect(
            Action(.journalVacuum, on: target, [.size: "500M"]).description == "journal.vacuum host nexus, size 500M")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(
                Action.self, from: Data(stored.replacing("container.start", with: "container.destroy").utf8))
        }
    }

    @Test func `every kind of work comes back from the queue`() throws {
        let works: [JobRequest.Work] = [
            .intake(Self.id(1)), .diagnose(Self.id(2)), .act(Self.id(3)), .confirm(Self.id(6)),
            .observe(Self.id(4), round: .max),
            .expireApproval(Self.id(5), planHash: "h", expiresAt: Date(timeIntervalSince1970: 1_700_000_000)),
        ]
        for work in works {
            #expect(try JobRequest.Work(payload: work.payload()) == work)
        }
        #expect(Set(works.map(\.kind)).count == works.count)
    }

    @Test(arguments: ["", "{}", "null", "{\"reboot\":{}}", "{\"act\":{\"_0\":\"x\"}}", "{\"act\":{},\"diagnose\":{}}"])
    func `work that is not ours is refused`(_ payload: String) {
        #expect(throws: (any Error).self) { try JobRequest.Work(payload: payload) }
    }

    @Test func `steps that certainly never began have changed nothing`() {
        let alert = Alert(labels: LabelSet([:]), state: .firing, startsAt: Self.now)
        var incident = Incident(id: Self.id(1), openedAt: Self.now, alert: alert, target: nil)
        #expect(!incident.hasActed)
        incident.attempts = [.init(intent: Self.intent, receipt: Receipt(ending: .notStarted(reason: "r")))]
        #expect(!incident.hasActed)
        for receipt in [
            nil, Receipt(ending: .timedOut), Receipt(ending: .unknown(reason: "")), Receipt(ending: .exited(status: 1)),
        ] {
            incident.attempts = [.init(intent: Self.intent, receipt: receipt)]
            #expect(incident.hasActed)
        }
    }
}
