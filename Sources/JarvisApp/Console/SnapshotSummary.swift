// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
package import JarvisHTTP

/// A snapshot for a person.
package enum SnapshotSummary {
    private static let longestText = 16_000

    /// What an undo would put a target back to, in one line; nil where nothing is known.
    package static func line(_ snapshot: SnapshotView) -> String? {
        if let fault = snapshot.fault { return "snapshot  \(snapshot.target): \(fault)" }
        guard let state = snapshot.fields[SnapshotField.state.rawValue] else { return nil }
        return
            "snapshot  \(snapshot.target) was \(UntrustedText(state).display(limit: 60)) at \(RFC3339.format(snapshot.takenAt))"
    }

    /// Everything of it.
    package static func lines(_ snapshot: SnapshotView) -> [String] {
        var lines = [
            "snapshot  \(snapshot.id)", "target    \(snapshot.target)", "taken     \(RFC3339.format(snapshot.takenAt))",
            "incident  \(snapshot.incident)",
        ]
        if let fault = snapshot.fault { lines.append("fault     \(fault)") }
        for (name, value) in snapshot.fields.sorted(by: { $0.key < $1.key }) {
            let text = UntrustedText(value).displayEnd(limit: longestText)
            lines += text.contains("\n") ? ["\(name):", text] : ["\(name): \(text)"]
        }
        return lines
    }
}
