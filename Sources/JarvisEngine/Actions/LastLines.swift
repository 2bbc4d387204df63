// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// What a target said last, kept before it is restarted: afterwards its log begins with something else.
package enum LastLines {
    /// Seconds after which the host ends the look.
    package static let deadlineSeconds = 10
    private static let lines = "100"
    private static let kept = 4000

    /// The observing step, where a step of this action ends a run of the target; else nil.
    package static func step(before action: Action, in inventory: Inventory, under policy: Policy) -> JudgedStep? {
        guard ActionCatalogue.specification(of: action.name)?.endsRun == true else { return nil }
        return step(for: action.target, in: inventory, under: policy)
    }

    /// The observing step for a target; nil where its kind has no log that is read so.
    package static func step(for target: Target, in inventory: Inventory, under policy: Policy) -> JudgedStep? {
        guard let host = inventory.hosts[target.host], let declaration = inventory.declaration(of: target) else {
            return nil
        }
        let words: [String]
        let privilege: Privilege
        switch target.kind {
        case .container, .compose:
            guard let name = declaration.container else { return nil }
            words = ["docker", "logs", "--tail", lines, name]
            privilege = host.privilege(for: .container)
        case .unit:
            words = ["journalctl", "--unit", target.name, "--lines", lines, "--no-pager"]
            privilege = host.privilege(for: .unit)
        case .service, .host: return nil
        }
        return (try? policy.judge(words: words, as: privilege)).map(JudgedStep.command)
    }

    /// The end of both streams, or why there is none.
    package static func reading(_ receipt: Receipt) -> String {
        switch receipt.ending {
        case .exited(0):
            let text = receipt.standardOutput.verbatim + receipt.standardError.verbatim
            return text.isEmpty ? "nothing" : UntrustedText(text).displayEnd(limit: kept)
        case .exited(let status): return "could not be read: exit status \(status), \(receipt.standardError.display())"
        case .timedOut: return "could not be read within \(deadlineSeconds) s"
        case .notStarted(let reason), .unknown(let reason):
            return "could not be read: \(UntrustedText(reason).display())"
        }
    }
}
