// SPDX-License-Identifier: Apache-2.0
/// The words of a PromQL expression; where they stand is `PromQLLexer.Word`'s.
enum PromQLToken: Equatable, Sendable {
    /// A name, keyword or function; may contain colons.
    case identifier(String)
    case number
    case duration(Duration)
    case string(String)
    /// An operator or a piece of punctuation.
    case symbol(String)
}
