// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FoundationEssentials
package import JarvisCore

/// What a host is asked before a step changes a target, and how the answers are read.
///
/// What an undo compares comes from the target's own probe, so a host that can be looked at can be captured. The rest
/// is for people, and may be missing.
package enum Capture {
    /// What is asked.
    package struct Questions: Sendable {
        /// The target's probe: without an answer there is no snapshot.
        package let state: JudgedStep
        /// What else there is to know.
        package let details: [Detail]
    }

    /// One question beside the state.
    package struct Detail: Sendable {
        enum Kind { case container, unitFileState, unitFiles, lastLines }
        let kind: Kind
        /// The observing step.
        package let step: JudgedStep
    }

    /// Seconds after which the host ends one of them.
    package static let deadlineSeconds = 10
    private static let longestText = 16_000

    /// The questions about a target; nil where its state can't be seen on its host.
    package static func questions(about target: Target, in inventory: Inventory, under policy: Policy) -> Questions? {
        guard let state = TargetProbe.step(for: target, in: inventory, under: policy),
            let host = inventory.hosts[target.host]
        else { return nil }
        var details: [(Detail.Kind, JudgedCommand?)] = []
        switch target.kind {
        case .container:
            let name = try? ContainerName(target.name)
            let privilege = host.privilege(for: .container)
            details = [(.container, name.flatMap { try? policy.describeContainer($0, as: privilege) })]
        case .unit:
            let name = try? UnitName(target.name)
            details = [
                (.unitFileState, name.flatMap { try? policy.showUnitFile($0) }),
                (.unitFiles, name.flatMap { try? policy.readUnitFiles($0) }),
            ]
        case .service, .host: break
        }
        var found = details.compactMap { kind, command in
            command.map { Detail(kind: kind, step: .command($0)) }
        }
        if let lines = LastLines.step(for: target, in: inventory, under: policy) {
            found.append(Detail(kind: .lastLines, step: lines))
        }
        return Questions(state: state, details: found)
    }

    /// The question about what an undo compares alone; for looks after a change.
    package static func state(of target: Target, from receipt: Receipt) throws(SnapshotFault) -> CapturedState {
        guard case .exited(0) = receipt.ending else { throw SnapshotFault(receipt.sentence) }
        let text = receipt.standardOutput.verbatim
        let fields: [SnapshotField: String]? =
            switch target.kind {
            case .container: ContainerState.captured(text)
            case .unit: UnitState.captured(text)
            case .service: ServiceState.captured(text)
            case .host: nil
            }
        guard let fields else { throw SnapshotFault("what the host answered was not understood") }
        return CapturedState(fields)
    }

    /// Adds what a detail's answer tells, as far as it can be read.
    package static func add(_ detail: Detail, from receipt: Receipt, to state: inout CapturedState) {
        if detail.kind == .lastLines { state.fields[.lastLines] = LastLines.reading(receipt) }
        guard case .exited(0) = receipt.ending else { return }
        let text = receipt.standardOutput.verbatim
        switch detail.kind {
        case .container:
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (field, line) in zip([SnapshotField.image, .networks, .mounts], lines) where !line.isEmpty {
                state.fields[field] = UntrustedText(String(line)).displayEnd(limit: longestText)
            }
        case .unitFileState:
            let line = text.split(separator: "\n").first { $0.hasPrefix("UnitFileState=") }
            state.fields[.enabled] = line.map { String($0.dropFirst("UnitFileState=".count)) }
        case .unitFiles: state.fields[.unitFiles] = UntrustedText(text).displayEnd(limit: longestText)
        case .lastLines: break
        }
    }
}
