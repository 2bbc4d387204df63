// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// What reading a configuration brought.
package struct ConfigurationReport: Sendable {
    /// The configuration; nil exactly when there are faults.
    package let configuration: Configuration?
    /// Everything that must be changed, in the order of the file.
    package let faults: [ConfigurationFault]
    /// What is allowed but worth knowing, in the order of the file.
    package let notes: [ConfigurationFault]
    /// Patterns that autonomy rules name; they are checked when the patterns are known.
    let patternReferences: [PatternReference]

    init(_ configuration: Configuration, patternReferences: [PatternReference], collector: FaultCollector) {
        faults = collector.faults.sorted()
        notes = collector.notes.sorted()
        self.patternReferences = patternReferences
        self.configuration = faults.isEmpty ? configuration : nil
    }

    /// The autonomy rules that name a pattern which does not exist: such a rule would be silently without effect.
    package func faults(against patterns: PatternCatalog) -> [ConfigurationFault] {
        let known = Set(patterns.patterns.map(\.id))
        return patternReferences.filter { !known.contains($0.id) }.map { reference in
            ConfigurationFault(
                place: reference.place, keyPath: reference.keyPath, message: "there is no pattern '\(reference.id)'",
                suggestion: Suggestion.nearest(to: reference.id, among: known))
        }
    }
}

/// A place that names a pattern.
struct PatternReference: Sendable, Equatable {
    let id: String
    let place: ConfigurationFault.Place
    let keyPath: String
}
