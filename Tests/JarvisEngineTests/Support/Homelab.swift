// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport

/// Values that most tests of the engine start from.
enum Homelab {
    static let start = Date(timeIntervalSince1970: 1_795_471_653)
    static let host = HostName.local
    static let web = Target(host: host, kind: .container, name: "web")
    static let unit = Target(host: host, kind: .unit, name: "web.service")
    static let canary = Target(host: host, kind: .service, name: "canary")

    static func at(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    static func id<Subject>(_ number: UInt8) -> Identifier<Subject> {
        Identifier(UUIDv7(at: start, random: Array(repeating: number, count: 10)))
    }

    static func inventory(probes: [ServiceProbe] = [], rootKinds: Set<Target.Kind> = []) throws -> Inventory {
        let service = DeclaredService(name: try ServiceName("canary"), argv: ["/bin/canary"])
        return Inventory([
            Host(
                name: host, connection: .local, rootKinds: rootKinds, labels: ["instance": ["nexus:9100"]],
                targets: [
                    DeclaredTarget(kind: .container, name: "web", probes: probes),
                    DeclaredTarget(kind: .unit, name: "web.service"),
                    DeclaredTarget(kind: .unit, name: "web; reboot"),
                    DeclaredTarget(kind: .service, name: "canary", service: service),
                    DeclaredTarget(kind: .service, name: "bare"),
                ])
        ])
    }

    static func pattern(
        _ id: String, _ alertname: String, _ kind: Target.Kind, _ response: Pattern.Response, confidence: Double = 0.9
    ) -> Pattern {
        Pattern(
            id: id, title: "A thing is down", matcher: .init(alertnames: [alertname]),
            target: .init(kind: kind, nameFrom: ["name"], hostFrom: ["instance"]), response: response,
            confidence: confidence)
    }

    /// Shipped patterns in small: a start, a restart of two steps, an advice.
    static let patterns = [
        pattern("container-down", "ContainerDown", .container, .plan([.action(.containerStart)])),
        pattern(
            "container-sick", "ContainerSick", .container,
            .plan([.action(.containerStart), .action(.containerRestart)])),
        pattern("unit-failed", "UnitFailed", .unit, .plan([.action(.unitRestart)])),
        pattern("canary-down", "CanaryDown", .service, .plan([.action(.serviceStart)])),
        pattern("disk-dying", "DiskDying", .host, .escalate("replace the disk")),
    ]

    static func rules(
        autonomy: Autonomy = .auto, patterns: [Pattern] = patterns, probes: [ServiceProbe] = []
    ) throws -> EngineRules {
        EngineRules(
            inventory: try inventory(probes: probes), patterns: patterns, policy: try ShippedPolicy.get(),
            autonomy: AutonomyPolicy(fallback: autonomy), digest: { "digest of \($0)" })
    }

    static func alert(
        _ name: String = "ContainerDown", _ target: String = "web", state: Alert.State = .firing, startsAt: Date = start
    ) -> Alert {
        Alert(
            labels: LabelSet(["alertname": name, "name": target, "instance": "nexus:9100"]), state: state,
            startsAt: startsAt)
    }

    static func signal(
        _ kind: Signal.Kind, _ reading: Signal.Reading, at seconds: Double = 0, instance: String? = nil
    ) -> Signal {
        Signal(kind: kind, source: "test", reading: reading, detail: "d", observedAt: at(seconds), instance: instance)
    }

    /// The target down, the rule firing.
    static let down = Observation(signals: [
        signal(.metrics, .bad), signal(.target, .badForGood, instance: "old"),
    ])
}
