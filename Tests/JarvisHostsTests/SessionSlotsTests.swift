// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JarvisHosts

@Suite(.timeLimit(.minutes(1))) struct `Session slots` {
    @Test func `are limited, and never fewer than one`() {
        let slots = SessionSlots(count: 0)
        #expect(slots.takeIfFree())
        #expect(!slots.takeIfFree())
        slots.release()
        #expect(slots.takeIfFree())
    }

    @Test func `go to whoever waits longest, and nobody overtakes`() async {
        let slots = SessionSlots(count: 1)
        #expect(await slots.take())
        // One after the other: children start in any order.
        async let first = slots.take()
        while slots.waiting < 1 { await Task.yield() }
        async let second = slots.take()
        while slots.waiting < 2 { await Task.yield() }
        slots.release()
        #expect(await first)
        #expect(!slots.takeIfFree())
        slots.release()
        #expect(await second)
        slots.release()
        #expect(slots.takeIfFree())
    }

    @Test func `are not lost when a waiter gives up`() async {
        let slots = SessionSlots(count: 1)
        #expect(await slots.take())
        let gotOne = await withTimeLimit(.milliseconds(20)) { await slots.take() }
        #expect(!gotOne)
        slots.release()
        #expect(slots.takeIfFree())
    }

    @Test func `are never taken by a task that is cancelled already`() async {
        let slots = SessionSlots(count: 1)
        let taken = await withTaskGroup(of: Bool.self) { group in
            group.cancelAll()
            group.addTask { await slots.take() }
            return await group.next() ?? true
        }
        #expect(!taken)
        #expect(slots.takeIfFree())
    }

    @Test func `stand a storm of takers that give up at random`() async {
        let slots = SessionSlots(count: 3)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<500 {
                group.addTask {
                    let limit = Duration.microseconds(index * 7 % 900)
                    if await withTimeLimit(limit, { await slots.take() }) { slots.release() }
                }
            }
        }
        #expect(slots.takeIfFree() && slots.takeIfFree() && slots.takeIfFree())
        #expect(!slots.takeIfFree())
    }
}

@Suite struct `Bounded output` {
    private func kept(_ chunks: [String], head: Int, tail: Int) -> String {
        var output = BoundedOutput(limit: OutputLimit(head: head, tail: tail))
        for chunk in chunks { Array(chunk.utf8).withUnsafeBytes { output.append($0) } }
        return output.text
    }

    @Test(arguments: [
        ([], ""), (["abc"], "abc"), (["abcdef", "gh"], "abcdefgh"),
        (["ab cdefgh", " i"], "ab \n… 6 bytes left out …\n i"),
        (["a\nb", "c", "d", "e", "f", "g", "\nij"], "a\n\n… 6 bytes left out …\n\nij"),
        (["abc\n", "x x\n", "end"], "abc\n\n… 3 bytes left out …\n\nend"),
        (["abc ", "x x\n", "fgh\n"], "abc \n… 4 bytes left out …\nfgh\n"),
        ([String(repeating: "x", count: 100), "end"], "\n… 103 bytes left out …\n"),
        (["abcé", "€€€"], "\n… 14 bytes left out …\n"), (["abc\n", "€€ €"], "abc\n\n… 6 bytes left out …\n €"),
    ])
    func `keeps head and tail, and never a part of a word`(chunks: [String], text: String) {
        #expect(kept(chunks, head: 4, tail: 4) == text)
    }

    @Test func `may keep nothing at all`() {
        #expect(kept(["abc"], head: 0, tail: 0) == "\n… 3 bytes left out …\n")
    }
}
