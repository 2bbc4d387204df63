// SPDX-License-Identifier: Apache-2.0

/// How much a command may change, from nothing to never.
///
/// The order is the order of risk: a plan has the class of its riskiest step (SPEC section 7).
package enum CommandClass: String, Sendable, Codable, CaseIterable, Comparable {
    /// Reads only.
    case observe
    /// A limited, short change of state such as a restart.
    case bounded
    /// A change that users of the target will notice for longer.
    case disruptive
    /// Always needs a person.
    case highRisk
    /// Never runs, whoever asks.
    case forbidden

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .observe: 0
        case .bounded: 1
        case .disruptive: 2
        case .highRisk: 3
        case .forbidden: 4
        }
    }
}
