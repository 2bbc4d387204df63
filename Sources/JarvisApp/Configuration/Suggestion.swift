// SPDX-License-Identifier: Apache-2.0

/// Finds the known word that an unknown one probably stands for.
enum Suggestion {
    /// The nearest candidate; nil when none is near enough to be a slip of the pen (a third of its letters, at most 3).
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        // A long word is no slip of a key, and the table below grows with its length.
        guard word.utf8.count <= 128 else { return nil }
        let word = word.lowercased()
        let near = candidates.compactMap { candidate -> (distance: Int, text: String)? in
            let limit = max(1, min(3, candidate.utf8.count / 3))
            // The difference in length is a lower bound that costs nothing.
            guard abs(candidate.utf8.count - word.utf8.count) <= limit else { return nil }
            let distance = distance(word, candidate.lowercased())
            return distance <= limit ? (distance, candidate) : nil
        }
        return near.min { ($0.distance, $0.text) < ($1.distance, $1.text) }?.text
    }

    /// Insertions, deletions, replacements and swaps of neighbouring bytes that turn one word into the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let (first, second) = (Array(left.utf8), Array(right.utf8))
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 1...first.count {
            var current = [row]
            for column in 1...second.count {
                let replace = last[column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1)
                var best = min(replace, last[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count]
    }
}
