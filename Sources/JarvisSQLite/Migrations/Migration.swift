// SPDX-License-Identifier: Apache-2.0

/// One numbered change of the schema.
///
/// A migration that was released is never edited: databases that ran it would differ from new ones.
struct Migration {
    /// Its number, from 1 without gaps.
    let version: Int
    /// What it brings, for people.
    let name: String
    /// The statements.
    let script: String

    /// All of them, in order.
    static let all = [Migration.m001, .m002, .m003, .m004, .m005, .m006, .m007, .m008, .m009]
}
