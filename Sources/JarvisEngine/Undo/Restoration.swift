// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Puts back what a snapshot says: which fields, and by which command.
package enum Restoration {
    /// What is to be done about one step.
    package enum Decision: Sendable, Equatable {
        /// Everything is as it was.
        case nothing
        /// This command makes the first field that differs what it was.
        case step(JudgedStep)
        /// It can't be done; a sentence for a person.
        case refused(String)
    }

    /// What the undo of a step of a plan can bring back.
    package static func scope(of action: Action) -> UndoScope {
        ActionCatalogue.specification(of: action.name)?.undo
            ?? .impossible("what would take this command back is not known")
    }

    /// The command that brings `wanted` fields nearer to the snapshot, judged like any other.
    ///
    /// A field that was not captured is never guessed at.
    package static func decide(
        _ wanted: [SnapshotField], of target: Target, to snapshot: CapturedState, from current: CapturedState,
        in inventory: Inventory, under policy: Policy
    ) -> Decision {
        if let before = snapshot.fields[.identity], let now = current.fields[.identity], before != now {
            return .refused("\(target) is another container now than the one that was captured")
        }
        if let missing = wanted.first(where: { snapshot.fields[$0] == nil }) {
            return .refused("the snapshot does not say what '\(missing.rawValue)' was")
        }
        guard let field = snapshot.differences(from: current, in: wanted).first,
            let value = snapshot.fields[field]
        else { return .nothing }
        do throws(ActionCatalogue.Refusal) {
            return .step(try step(making: field, value == "true", on: target, in: inventory, under: policy))
        } catch {
            return .refused(error.reason)
        }
    }

    /// Everything that may be sent to a target's host in order to take an action on it back.
    package static func steps(on target: Target, in inventory: Inventory, under policy: Policy) -> [JudgedStep] {
        let fields: [SnapshotField] =
            switch target.kind {
            case .container: [.running, .paused]
            case .unit, .service: [.active]
            case .compose, .host: []
            }
        return fields.flatMap { field in
            [true, false].compactMap { try? step(making: field, $0, on: target, in: inventory, under: policy) }
        }
    }

    /// What would take a planned step back at worst, given that its target is in the state it is called for in.
    package static func planned(for action: Action, in inventory: Inventory, under policy: Policy) -> Plan.Step.Undo? {
        guard case .restores(let fields) = scope(of: action) else { return nil }
        // A start is taken back by a stop: that one where both are as risky.
        let steps = fields.flatMap { field in
            [false, true].compactMap {
                try? step(making: field, $0, on: action.target, in: inventory, under: policy)
            }
        }
        guard let worst = steps.max(by: { $0.commandClass < $1.commandClass }) else { return nil }
        return Plan.Step.Undo(canonical: worst.canonical, commandClass: worst.commandClass)
    }

    /// The command that makes a field true or false.
    private static func step(
        making field: SnapshotField, _ value: Bool, on target: Target, in inventory: Inventory, under policy: Policy
    ) throws(ActionCatalogue.Refusal) -> JudgedStep {
        guard let host = inventory.hosts[target.host], let declaration = inventory.declaration(of: target) else {
            throw ActionCatalogue.Refusal(reason: "\(target) is not listed in the inventory, so it may not be touched")
        }
        // A start is enrolled as an action.
        let isAction = value && field != .paused
        guard isAction || host.allowsUndo || !host.isEnrolled(for: target.kind) else {
            throw ActionCatalogue.Refusal(
                reason: "taking actions back is not enrolled on host \(host.name): set allow_undo there and run jarvis "
                    + "hosts enrol \(host.name)")
        }
        let privilege = host.privilege(for: target.kind)
        do {
            switch (field, target.kind) {
            case (.running, .container):
                let name = try ContainerName(target.name)
                return .command(
                    try policy.judge(words: ["docker", value ? "start" : "stop", name.text], as: privilege))
            case (.paused, .container):
                let name = try ContainerName(target.name)
                return .command(
                    try policy.judge(words: ["docker", value ? "pause" : "unpause", name.text], as: privilege))
            case (.active, .unit):
                let name = try UnitName(target.name)
                return .command(
                    try policy.judge(words: ["systemctl", value ? "start" : "stop", name.text], as: privilege))
            case (.active, .service):
                guard let service = declaration.service else {
                    throw ActionCatalogue.Refusal(reason: "the service has no argv declared")
                }
                return .service(ServiceStep(value ? .start : .stop, service))
            default:
                throw ActionCatalogue.Refusal(
                    reason: "nothing makes '\(field.rawValue)' of a \(target.kind.rawValue) what it was")
            }
        } catch let refusal as ActionCatalogue.Refusal {
            throw refusal
        } catch let refusal as Refusal {
            throw ActionCatalogue.Refusal(reason: "the policy refuses what would undo it: \(refusal.reason)")
        } catch {
            throw ActionCatalogue.Refusal(reason: "what would undo it could not be judged: \(error)")
        }
    }
}

extension Restoration {
    /// Why nothing of an action can be put back; nil: something can.
    package static func obstacle(to action: Action) -> String? {
        switch scope(of: action) {
        case .restores: nil
        case .nothingToRestore(let reason), .impossible(let reason): reason
        }
    }
}
