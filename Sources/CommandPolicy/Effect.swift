// SPDX-License-Identifier: Apache-2.0

/// What a judged command does to which target.
///
/// Snapshots, probes, limits and what a person is shown are derived from the effect, never from the text.
package enum Effect: Sendable, Equatable {
    case observeContainer(ContainerName)
    case startContainer(ContainerName)
    case restartContainer(ContainerName)
    case observeUnit(UnitName)
    case startUnit(UnitName)
    case restartUnit(UnitName)
    /// Proves that the session works and says which login shell answers.
    case observeLogin
}
