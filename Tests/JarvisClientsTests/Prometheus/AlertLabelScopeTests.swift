// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

struct AlertLabelScopeTests {
    private func rule(
        _ name: String = "Down", labels: [String: String] = [:], alerts: [PrometheusAlert] = []
    ) -> PrometheusRule {
        PrometheusRule(
            group: "g", name: name, query: "up == 0", duration: .zero, keepFiringFor: .zero, labels: labels,
            annotations: [:], alerts: alerts, health: .good, lastError: nil, lastEvaluation: nil,
            evaluationInterval: .seconds(1))
    }

    private func alert(_ labels: [String: String], _ state: PrometheusAlertState = .firing) -> PrometheusAlert {
        PrometheusAlert(labels: labels, annotations: [:], state: state, activeAt: nil, value: nil)
    }

    @Test func `a rule is known by its name and its fixed labels`() {
        let delivered = ["alertname": "Down", "severity": "critical", "team": "web", "cluster": "home"]
        #expect(rule(labels: ["severity": "critical"]).canHaveMade(delivered))
        #expect(rule(labels: ["team": "{{ $labels.team }}"]).canHaveMade(delivered))
        #expect(rule(labels: ["gone": ""]).canHaveMade(delivered))
        #expect(!rule(labels: ["severity": "warning"]).canHaveMade(delivered))
        #expect(!rule(labels: ["severity": ""]).canHaveMade(delivered))
        #expect(!rule("Up").canHaveMade(delivered))
    }

    @Test func `the alert's own labels are a subset of the delivered ones`() {
        let delivered = ["alertname": "Down", "job": "a", "instance": "i", "cluster": "home"]
        let exact = alert(["alertname": "Down", "job": "a", "instance": "i"], .pending)
        let coarser = alert(["alertname": "Down", "job": "a"])
        let other = alert(["alertname": "Down", "job": "a", "instance": "j"])
        #expect(rule(alerts: [other, coarser, exact]).alert(for: delivered) == exact)
        #expect(rule(alerts: [other]).alert(for: delivered) == nil)
    }

    @Test func `rows are compared by the labels both have, without the rule's and the external ones`() {
        let scope = AlertLabelScope(
            delivered: ["alertname": "Down", "severity": "critical", "job": "a", "cluster": "home"],
            rule: rule(labels: ["severity": "critical"]), externalLabels: ["cluster": "home"])
        #expect(scope.covers([:]))
        #expect(scope.covers(["__name__": "up", "job": "a", "severity": "low", "cluster": "other", "x": "y"]))
        #expect(!scope.covers(["job": "b"]))
        #expect(scope.isCompatible(["alertname": "Down", "replica": "r"]))
        #expect(!scope.isCompatible(["alertname": "Down", "severity": "low"]))
        #expect(scope.unexplained(by: [["job": "b"], ["x": "a"]]) == ["job"])
        #expect(scope.unexplained(by: [["job": "b"], ["job": "a"]]) == [])
    }

    @Test func `a kept label has to be there, another may be missing`() throws {
        let scope = AlertLabelScope(
            delivered: ["alertname": "Down", "name": "web.1", "id": "x"], rule: rule(), externalLabels: [:])
        let use = try #require(PromQLSelectors("max by (name) (m) > 1").uses.first)
        #expect(use.selector.narrowed(by: scope.matchers(for: use)).description == #"m{id=~"x|",name="web.1"}"#)
    }
}
