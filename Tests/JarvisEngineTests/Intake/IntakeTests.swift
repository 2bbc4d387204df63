// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct IntakeTests {
    static let mine: IncidentID = Homelab.id(1)
    static let other: IncidentID = Homelab.id(2)

    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        var alert = Homelab.alert()
        var record: (state: Alert.State, startsAt: Double, incident: IncidentID?, report: Int64)?
        var isOpen = false
        var mayRelapse = false
        var isSettled = false
        var sameTarget: IncidentID?
        let expected: Intake.Placement
        var testDescription: String { what }
    }

    static let resolved = Homelab.alert(state: .resolved)
    static let refired = Homelab.alert(startsAt: Homelab.at(60))

    static let rows: [Row] = [
        Row(what: "never seen", expected: .open(Homelab.web)),
        Row(what: "never seen, same target worked on", sameTarget: other, expected: .attach(other)),
        Row(what: "never seen, resolved", alert: resolved, expected: .recordOnly),
        Row(what: "never seen, resolved, same target", alert: resolved, sameTarget: other, expected: .recordOnly),
        Row(what: "taken in again", record: (.firing, 0, mine, 7), isOpen: true, expected: .repeated),
        Row(what: "repeat", record: (.firing, 0, mine, 6), isOpen: true, expected: .recordOnly),
        Row(what: "repeat, incident ended", record: (.firing, 0, mine, 6), expected: .recordOnly),
        Row(
            what: "repeat, ended, same target", record: (.firing, 0, mine, 6), sameTarget: other,
            expected: .recordOnly),
        Row(what: "its resolution was taken in first", record: (.resolved, 0, nil, 8), expected: .repeated),
        Row(
            what: "its resolution was taken in first, open", record: (.resolved, 0, mine, 8), isOpen: true,
            expected: .repeated),
        Row(
            what: "resolved, but it was seen to fire since", alert: resolved, record: (.firing, 0, mine, 8),
            isOpen: true,
            expected: .repeated),
        Row(
            what: "fires again, but the end of what was before came later", alert: refired,
            record: (.resolved, 0, mine, 8), expected: .open(Homelab.web)),
        Row(
            what: "resolved, open", alert: resolved, record: (.firing, 0, mine, 1), isOpen: true,
            expected: .attach(mine)),
        Row(what: "resolved, ended", alert: resolved, record: (.firing, 0, mine, 1), expected: .recordOnly),
        Row(
            what: "resolved twice", alert: resolved, record: (.resolved, 0, mine, 1), isOpen: true,
            expected: .recordOnly),
        Row(what: "older", record: (.firing, 5, mine, 1), isOpen: true, expected: .repeated),
        Row(what: "older, long ago", record: (.resolved, 5, mine, 0), expected: .repeated),
        Row(what: "older, resolved", alert: resolved, record: (.firing, 5, mine, 1), isOpen: true, expected: .repeated),
        Row(what: "fires again, ended", alert: refired, record: (.resolved, 0, mine, 1), expected: .open(Homelab.web)),
        Row(
            what: "fires again, ended, same target", alert: refired, record: (.resolved, 0, mine, 1), sameTarget: other,
            expected: .attach(other)),
        Row(
            what: "fires again, open", alert: refired, record: (.resolved, 0, mine, 1), isOpen: true,
            expected: .attach(mine)),
        Row(
            what: "fires anew while firing, ended", alert: refired, record: (.firing, 0, mine, 1),
            expected: .open(Homelab.web)),
        Row(
            what: "same occurrence back to firing, open", record: (.resolved, 0, mine, 1), isOpen: true,
            expected: .attach(mine)),
        Row(what: "same occurrence back to firing, ended", record: (.resolved, 0, mine, 1), expected: .recordOnly),
        Row(
            what: "same occurrence back to firing, fixed lately", record: (.resolved, 0, mine, 1), mayRelapse: true,
            expected: .relapse(mine)),
        Row(
            what: "fires again, fixed lately", alert: refired, record: (.resolved, 0, mine, 1), mayRelapse: true,
            expected: .relapse(mine)),
        Row(
            what: "fires again and its end was never told, fixed lately", alert: refired,
            record: (.firing, 0, mine, 1), mayRelapse: true, expected: .relapse(mine)),
        Row(
            what: "fires again, fixed lately, another incident works on the target", alert: refired,
            record: (.resolved, 0, mine, 1), mayRelapse: true, sameTarget: other, expected: .attach(other)),
        Row(
            what: "same occurrence back to firing, fixed lately, another incident works on the target",
            record: (.resolved, 0, mine, 1), mayRelapse: true, sameTarget: other, expected: .attach(other)),
        Row(
            what: "resolved once more, fixed lately", alert: Homelab.alert(state: .resolved, startsAt: Homelab.at(60)),
            record: (.resolved, 0, mine, 1), mayRelapse: true, expected: .recordOnly),
        Row(what: "repeat, fixed lately", record: (.firing, 0, mine, 6), mayRelapse: true, expected: .recordOnly),
        Row(
            what: "repeat long after it was fixed", record: (.firing, 0, mine, 6), mayRelapse: true, isSettled: true,
            expected: .relapse(mine)),
        Row(
            what: "the same long after it was fixed, another incident works on the target",
            record: (.firing, 0, mine, 6), mayRelapse: true, isSettled: true, sameTarget: other,
            expected: .attach(other)),
        Row(
            what: "taken in again long after it was fixed", record: (.firing, 0, mine, 7), mayRelapse: true,
            isSettled: true, expected: .repeated),
        Row(
            what: "resolved again long after it was fixed", alert: resolved, record: (.resolved, 0, mine, 6),
            mayRelapse: true, isSettled: true, expected: .recordOnly),
        Row(what: "taken in again, fixed lately", record: (.firing, 0, mine, 7), mayRelapse: true, expected: .repeated),
        Row(what: "its resolution came first", record: (.resolved, 0, nil, 1), expected: .open(Homelab.web)),
    ]

    @Test(arguments: rows)
    func `a report is placed`(_ row: Row) {
        let record = row.record.map { known in
            AlertRecord(
                alert: Homelab.alert(state: known.state, startsAt: Homelab.at(known.startsAt)),
                incident: known.incident, writtenAt: Homelab.start, report: known.report)
        }
        let placement = Intake.place(
            row.alert, report: 7, record: record,
            previous: row.isOpen ? .isOpen : row.mayRelapse ? .mayRelapse(isSettled: row.isSettled) : .isOver,
            target: Homelab.web,
            sameTarget: row.sameTarget)
        #expect(placement == row.expected)
    }

    @Test func `no order of reports of one occurrence opens a second incident`() {
        for seed in 0..<500 as Range<UInt64> {
            var random = Seeded(seed)
            var record: AlertRecord?
            var opened: [Date: Int] = [:]
            var isOpen = false
            for step in 0..<40 {
                let now = Homelab.at(Double(step) * 60)
                let startsAt = Homelab.at(Double.random(in: 0...2, using: &random).rounded() * 600)
                let alert = Homelab.alert(state: Bool.random(using: &random) ? .firing : .resolved, startsAt: startsAt)
                if Bool.random(using: &random) { isOpen = false }
                let report = Int64.random(in: 1...40, using: &random)
                let placement = Intake.place(
                    alert, report: report, record: record, previous: isOpen ? .isOpen : .isOver, target: nil,
                    sameTarget: nil)
                guard placement != .repeated else { continue }
                var incident = record?.incident
                if case .open = placement {
                    #expect(alert.state == .firing)
                    opened[startsAt, default: 0] += 1
                    incident = Homelab.id(UInt8(step))
                    isOpen = true
                }
                record = AlertRecord(alert: alert, incident: incident, writtenAt: now, report: report)
            }
            #expect(opened.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        }
    }

    @Test func `what is known in the end is the newest report, in whatever order they are taken in`() {
        for seed in 0..<500 as Range<UInt64> {
            var random = Seeded(seed)
            let reports: [(number: Int64, alert: Alert)] = (1...8).map { number in
                let alert = Homelab.alert(
                    state: Bool.random(using: &random) ? .firing : .resolved,
                    startsAt: Homelab.at(Double(number / 4) * 600))
                return (Int64(number), alert)
            }
            var record: AlertRecord?
            for report in reports.shuffled(using: &random) {
                let placement = Intake.place(
                    report.alert, report: report.number, record: record, previous: .isOver, target: nil,
                    sameTarget: nil)
                guard placement != .repeated else { continue }
                record = AlertRecord(
                    alert: report.alert, incident: record?.incident, writtenAt: Homelab.start, report: report.number)
            }
            #expect(record?.report == 8, "seed \(seed)")
            #expect(record?.alert == reports.last?.alert, "seed \(seed)")
        }
    }

    @Test func `a newer report of an occurrence that names an earlier start is one of that occurrence`() {
        func at(_ state: Alert.State, _ start: Double, _ end: Double? = nil) -> Alert {
            Alert(
                labels: Homelab.alert().labels, state: state, startsAt: Homelab.at(start), endsAt: end.map(Homelab.at))
        }
        let record = AlertRecord(alert: at(.firing, 15), incident: Self.mine, writtenAt: Homelab.start, report: 7)
        func start(_ alert: Alert, _ report: Int64) -> Date {
            Intake.continuing(alert, report: report, record: record).startsAt
        }
        #expect(start(at(.firing, 0), 8) == Homelab.at(15))
        #expect(start(at(.resolved, 0, 60), 8) == Homelab.at(15))
        #expect(start(at(.resolved, 0, 10), 8) == Homelab.at(0), "it had ended before")
        #expect(start(at(.resolved, 0), 8) == Homelab.at(0), "nobody knows when it ended")
        #expect(start(at(.firing, 0), 6) == Homelab.at(0), "an older report")
        #expect(start(at(.firing, 30), 8) == Homelab.at(30), "a later occurrence")
        #expect(Intake.continuing(at(.firing, 0), report: 8, record: nil).startsAt == Homelab.at(0))
    }

    @Test func `of equal labels in one delivery the last counts`() {
        let other = Homelab.alert("ContainerDown", "other")
        let alerts = [Homelab.alert(state: .resolved), other, Homelab.alert()]
        #expect(Intake.newest(alerts) == [other, Homelab.alert()])
    }

    /// SPEC section 16, trap 8: services matched by substring or prefix.
    @Test(arguments: ["we", "web2", "xweb", "WEB", "web ", "", "web; docker stop jarvis", "w\u{212A}b"])
    func `trap 8: a name that only resembles a target is none`(_ name: String) throws {
        let rules = try Homelab.rules()
        let labels = Homelab.alert("ContainerDown", name).labels
        let found = try #require(Intake.recognise(labels, rules: rules))
        #expect(found.target == nil)
        guard case .escalate(let reason) = Planner.plan(for: labels, signals: Homelab.down.signals, rules: rules) else {
            Issue.record("\(name) was planned for")
            return
        }
        #expect(reason.contains("not listed"))
    }

    @Test(arguments: ["ContainerDow", "ContainerDown2", "containerdown", "ContainerDown ", "", "XContainerDown"])
    func `trap 8: an alert's name is compared as a whole`(_ name: String) throws {
        #expect(Intake.recognise(Homelab.alert(name).labels, rules: try Homelab.rules()) == nil)
    }

    @Test func `a target has the operator's bytes, not the label's`() throws {
        // U+212A KELVIN SIGN is canonically equal to K, so Swift compares the two names as equal.
        let inventory = Inventory([
            Host(
                name: .local, connection: .local, labels: ["instance": ["nexus:9100"]],
                targets: [DeclaredTarget(kind: .container, name: "Kafka")])
        ])
        let labels = Homelab.alert("ContainerDown", "\u{212A}afka").labels
        let target = try TargetResolution.target(of: labels, under: Homelab.patterns[0], in: inventory)
        #expect(Array(target.name.utf8) == Array("Kafka".utf8))
    }

    @Test func `a failure says what is missing without acting on the label`() throws {
        let inventory = try Homelab.inventory()
        let table: [([String: String], String)] = [
            ([:], "none of the labels instance that tell the host"),
            (["instance": "x\n\u{1B}[2J"], "instance=\"x��[2J\""),
            (["instance": "nexus:9100"], "none of the labels name"),
            (["instance": "nexus:9100", "name": "nope"], "container nope on local is not listed"),
        ]
        for (labels, reason) in table {
            let failure = #expect(throws: TargetResolution.Failure.self) {
                try TargetResolution.target(of: LabelSet(labels), under: Homelab.patterns[0], in: inventory)
            }
            #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
        }
    }
}
