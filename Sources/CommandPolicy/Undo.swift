// SPDX-License-Identifier: Apache-2.0

/// Whether what a command does can be taken back.
package enum Undo: String, Sendable, Codable, CaseIterable {
    /// Completely; also where nothing is changed.
    case yes
    /// In part.
    case partly
    /// Not at all.
    case no

    /// The less undoable of two.
    func worse(_ other: Undo) -> Undo { self == .no || other == .no ? .no : self == .yes ? other : self }
}
