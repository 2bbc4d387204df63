// SPDX-License-Identifier: Apache-2.0

/// The names, paths and caps by which one policy differs from another; what commands mean is in the tables.
package struct PolicySettings: Sendable {
    /// Which paths may be read and listed.
    package var paths = PathRules()
    /// What may be talked to.
    package var network = NetworkRules()
    /// What is protected.
    package var protection = Protection()
    /// Commands that begin with these words are refused.
    package var refused: [[String]] = []
    /// Nothing riskier is accepted at all.
    package var cap = CommandClass.highRisk

    /// Settings that allow nothing to be read or asked.
    package init() {}
}
