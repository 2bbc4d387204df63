// SPDX-License-Identifier: Apache-2.0

/// A path in a word of a command.
package struct PathWord: Sendable, Hashable {
    /// The words that lead into the container whose path it is, such as `docker exec web`; none: it is the host's own.
    package let place: [String]
    /// The path as it is written.
    package let path: String

    /// A path somewhere.
    package init(place: [String] = [], path: String) {
        self.place = place
        self.path = path
    }

    /// Whether it can lead elsewhere, as far as can be told without asking.
    ///
    /// No path type accepts a path that is not plain: what begins with a slash otherwise is a pattern or a program of
    /// a filter. Below /proc and /sys the kernel alone makes links, and the policy judged what it makes of them.
    package var mayBeLink: Bool {
        var folder = path
        while folder.count > 1, folder.last == "/" { folder.removeLast() }
        return PathRules.isPlain(folder) && !folder.hasPrefix("/proc/") && !folder.hasPrefix("/sys/")
    }

    /// All folders above, the nearest first, without the root.
    package var ancestors: [PathWord] {
        var found: [PathWord] = []
        var rest = path[...]
        while rest.count > 1, rest.last == "/" { rest.removeLast() }
        while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
            rest = rest[..<slash]
            found.append(PathWord(place: place, path: String(rest)))
        }
        return found
    }

    /// The path in a word and what stands around it: `/path`, `--file=/path`, `-f/path`, `/path::archive`.
    static func split(_ word: String) -> (head: Substring, path: Substring, tail: Substring)? {
        let slash: Character = "/"
        var start = word.startIndex
        if word.first != slash {
            if let equals = word.firstIndex(of: "="), word[word.index(after: equals)...].first == slash {
                start = word.index(after: equals)
            } else if word.first == "-", word.dropFirst(2).first == slash {
                start = word.index(word.startIndex, offsetBy: 2)
            } else {
                return nil
            }
        }
        let rest = word[start...]
        let end = rest.indices.first { rest[$0...].hasPrefix("::") } ?? rest.endIndex
        return (word[..<start], rest[..<end], rest[end...])
    }
}
