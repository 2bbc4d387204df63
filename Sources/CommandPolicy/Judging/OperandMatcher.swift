// SPDX-License-Identifier: Apache-2.0

/// Matches what stands behind a program against the elements of a form, trying every way.
struct OperandMatcher {
    let words: [String]
    /// The place of each of them among the words of the command.
    let places: [Int]
    let settings: PolicySettings
    /// How far any way got, and why it ended there.
    private(set) var furthest = -1
    private(set) var reason = ""

    init(words: [String], places: [Int], settings: PolicySettings) {
        self.words = words
        self.places = places
        self.settings = settings
    }

    /// What was matched.
    struct Match {
        var captures: [OptionScanner.Capture] = []
        /// The words of a command inside this one, and the place of its first.
        var inner: (words: [String], place: Int)?
    }

    /// A match of all words, or nil.
    mutating func match(_ elements: [SynopsisElement]) -> Match? {
        match(elements[...], at: 0, Match()) { matcher, index, match in
            if index == matcher.words.count { return match }
            let word = matcher.words[index]
            matcher.fail(index, "\(Refusal.show(word)) is one word too many")
            return nil
        }
    }

    private mutating func fail(_ index: Int, _ why: @autoclosure () -> String) {
        if index > furthest {
            furthest = index
            reason = why()
        }
    }

    private mutating func match(
        _ elements: ArraySlice<SynopsisElement>, at index: Int, _ match: Match,
        then: (inout OperandMatcher, Int, Match) -> Match?
    ) -> Match? {
        guard let first = elements.first else { return then(&self, index, match) }
        let rest = elements.dropFirst()
        switch first {
        case .literal(let word):
            let found = index < words.count ? words[index] : nil
            guard found == word else {
                fail(index, found.map { "\(Refusal.show($0)) is not understood here" } ?? "\(word) is missing")
                return nil
            }
            return self.match(rest, at: index + 1, match, then: then)
        case .operand(let type):
            guard index < words.count else {
                fail(index, "\(type.meaning) is missing")
                return nil
            }
            do {
                try type.check(words[index], settings)
            } catch {
                fail(index, error.reason)
                return nil
            }
            var match = match
            match.captures.append(.init(type: type, word: words[index], index: places[index]))
            return self.match(rest, at: index + 1, match, then: then)
        case .optional(let inner):
            if let found = self.match(inner[...] + rest, at: index, match, then: then) { return found }
            return self.match(rest, at: index, match, then: then)
        case .choice(let ways):
            for way in ways {
                if let found = self.match(way[...] + rest, at: index, match, then: then) { return found }
            }
            return nil
        case .repeated(let inner):
            return self.match([inner], at: index, match) { matcher, next, match in
                guard next > index else { return nil }
                if let found = matcher.match(rest, at: next, match, then: then) { return found }
                guard next < matcher.words.count else { return nil }
                return matcher.match([.repeated(inner)] + rest, at: next, match, then: then)
            }
        case .command:
            guard index < words.count else {
                fail(index, "a command is missing")
                return nil
            }
            var match = match
            match.inner = (Array(words[index...]), places[index])
            return self.match(rest, at: words.count, match, then: then)
        }
    }
}
