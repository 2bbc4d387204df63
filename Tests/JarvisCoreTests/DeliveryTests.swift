// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Testing

@Suite struct DeliveryTests {
    static let now = Date(timeIntervalSince1970: 1_795_471_653)

    static func delivery(_ severities: [String?]) -> Delivery {
        let alerts = severities.map { severity in
            Alert(labels: LabelSet(severity.map { ["severity": $0] } ?? [:]), state: .firing, startsAt: now)
        }
        let id = DeliveryID(UUIDv7(at: now, random: Array(repeating: 1, count: 10)))
        return Delivery(id: id, receivedAt: now, source: .alertmanager, alerts: alerts)
    }

    @Test func `a delivery is as urgent as its most severe alert`() {
        let table: [([String?], Int)] = [
            (["critical"], 0), (["info", "critical", "warning"], 0), (["warning", nil], 1), ([nil], 2), ([], 2),
            (["CRITICAL"], 2), (["critical\n"], 2),
        ]
        for (severities, priority) in table {
            #expect(Self.delivery(severities).intake.priority == priority)
            #expect(Self.delivery(severities).intake.dueAt == Self.now)
        }
    }

    @Test func `an alert without a name can still be listed`() {
        #expect(Self.delivery([nil]).alerts.first?.displayName == "(no alertname)")
        let odd = Alert(
            labels: LabelSet(["alertname": "a\n" + String(repeating: "b", count: 500)]), state: .firing,
            startsAt: Self.now)
        #expect(odd.displayName.hasPrefix("a�bbb"))
        #expect(odd.displayName.count == 121)
    }

    @Test func `labels are ordered by bytes, as Prometheus orders them`() {
        let labels = LabelSet(["b": "1", "B": "2", "a_": "3", "a": "4", "_": "5", "é": "6", "z": "7", "": "8"])
        #expect(labels.sorted.map(\.name) == ["", "B", "_", "a", "a_", "b", "z", "é"])
    }
}
