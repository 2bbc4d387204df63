// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import FoundationEssentials
package import JarvisCore

/// Asks a host for the state of a target and reads the answer.
package enum TargetProbe {
    /// Seconds after which the host ends a probe.
    package static let deadlineSeconds = 10

    /// Whether there is an observing step for a target, without judging it.
    package static func exists(for target: Target, in inventory: Inventory) -> Bool {
        guard let declaration = inventory.declaration(of: target) else { return false }
        return switch target.kind {
        case .container, .compose: declaration.container.flatMap { try? ContainerName($0) } != nil
        case .unit: (try? UnitName(target.name)) != nil
        case .service: declaration.service != nil
        case .host: false
        }
    }

    /// The observing step for a target; nil where its kind has none or its name is not one the policy understands.
    package static func step(for target: Target, in inventory: Inventory, under policy: Policy) -> JudgedStep? {
        guard let host = inventory.hosts[target.host], let declaration = inventory.declaration(of: target) else {
            return nil
        }
        switch target.kind {
        case .container, .compose:
            guard let name = declaration.container.flatMap({ try? ContainerName($0) }),
                let command = try? policy.inspectContainer(name, as: host.privilege(for: .container))
            else { return nil }
            return .command(command)
        case .unit:
            guard let name = try? UnitName(target.name), let command = try? policy.showUnit(name) else { return nil }
            return .command(command)
        case .service: return declaration.service.map { .service(ServiceStep(.inspect, $0)) }
        case .host: return nil
        }
    }

    /// Turns the receipt of a probe into a signal; everything not understood is `unknown`.
    package static func signal(for target: Target, from receipt: Receipt, observedAt: Date) -> Signal {
        let state = state(of: target, from: receipt)
        return Signal(
            kind: .target, source: source(target), reading: state.reading, detail: state.detail,
            observedAt: observedAt, instance: state.instance, identity: state.identity, measures: state.measures,
            isRestartedByItself: state.isRestartedByItself)
    }

    /// Whether a target that does not run looks as if somebody had stopped it on purpose: it ended in an orderly way.
    package static func looksDeliberate(_ target: Target, from receipt: Receipt) -> Bool {
        state(of: target, from: receipt).isDeliberate
    }

    private static func state(of target: Target, from receipt: Receipt) -> TargetState {
        switch receipt.ending {
        case .exited(0): read(target.kind, receipt.standardOutput.verbatim)
        case .exited(let status):
            TargetState(.unknown, "the probe ended with status \(status): \(receipt.standardError.display())")
        case .notStarted(let reason), .unknown(let reason): TargetState(.unknown, reason)
        case .timedOut: TargetState(.unknown, "the probe did not end within \(deadlineSeconds) s")
        }
    }

    /// What signals of this target's probe are called.
    static func source(_ target: Target) -> String { "state of \(target)" }

    private static func read(_ kind: Target.Kind, _ output: String) -> TargetState {
        switch kind {
        case .container, .compose: ContainerState.read(output)
        case .unit: UnitState.read(output)
        case .service: ServiceState.read(output)
        case .host: TargetState(.unknown, "a host has no probe")
        }
    }
}

/// What a probe's output says.
struct TargetState {
    let reading: Signal.Reading
    let detail: String
    /// Which run was seen; nil when none runs.
    let instance: String?
    /// Which thing it is, whatever its name; nil where that is not told.
    var identity: String?
    /// What else than its state it is measured by; nil where that is not told.
    var measures: [Signal.Measure]?
    /// Whether its host has started it again by itself; nil where that is not told.
    var isRestartedByItself: Bool?
    /// Whether it looks stopped on purpose; false where nothing tells.
    let isDeliberate: Bool

    init(_ reading: Signal.Reading, _ detail: String, instance: String? = nil, isDeliberate: Bool = false) {
        self.reading = reading
        self.detail = detail
        self.instance = instance
        self.isDeliberate = isDeliberate
    }
}
