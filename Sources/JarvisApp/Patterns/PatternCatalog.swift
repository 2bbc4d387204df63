// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// The known patterns in order of precedence: the first that matches an alert is meant.
package struct PatternCatalog: Sendable, Equatable {
    /// In order of precedence; ids are unique.
    package let patterns: [Pattern]

    /// Builds a catalogue; of two patterns with one id the first counts.
    package init(_ patterns: [Pattern]) {
        var seen: Set<String> = []
        self.patterns = patterns.filter { seen.insert($0.id).inserted }
    }

    /// This catalogue with an operator's patterns over it.
    ///
    /// A pattern with a known id takes the place of that one; the others come first, because what an operator writes
    /// for their own alerts is more special than what is shipped.
    package func overlaid(with own: [Pattern]) -> PatternCatalog {
        let replacements = Dictionary(own.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(patterns.map(\.id))
        return PatternCatalog(own.filter { !known.contains($0.id) } + patterns.map { replacements[$0.id] ?? $0 })
    }
}
