// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JarvisApp

@Suite struct `A suggestion` {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("same", "same", 0), ("adress", "address", 1), ("prot", "port", 1),
        ("kitten", "sitting", 3), ("usr", "user", 1), ("ab", "ba", 1), ("abcd", "dcba", 3),
    ])
    func `counts slips of the pen, a swap of neighbours as one`(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }

    @Test func `is the nearest word, or none`() {
        #expect(Suggestion.nearest(to: "Addres", among: ["user", "address", "port"]) == "address")
        #expect(Suggestion.nearest(to: "completely", among: ["user", "address", "port"]) == nil)
        #expect(Suggestion.nearest(to: "prot", among: ["part", "port"]) == "port")
        #expect(Suggestion.nearest(to: String(repeating: "x", count: 1_000_000), among: ["x"]) == nil)
    }
}
