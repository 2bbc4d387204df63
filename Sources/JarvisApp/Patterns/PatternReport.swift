// SPDX-License-Identifier: Apache-2.0

/// What reading patterns brought.
package struct PatternReport: Sendable {
    /// The patterns; nil exactly when there are faults.
    package let catalog: PatternCatalog?
    /// Everything that must be changed, by file and place.
    package let faults: [ConfigurationFault]
    /// What is worth knowing, by file and place.
    package let notes: [ConfigurationFault]

    init(_ catalog: PatternCatalog, faults: Set<ConfigurationFault>, notes: Set<ConfigurationFault>) {
        self.faults = faults.sorted()
        self.notes = notes.sorted()
        self.catalog = faults.isEmpty ? catalog : nil
    }
}
