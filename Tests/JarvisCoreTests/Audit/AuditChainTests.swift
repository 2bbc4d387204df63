// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@Suite struct `The chain of the audit log` {
    private let chain: [AuditEntry]

    init() throws { chain = try AuditChain.sample(50) }

    private func position(before index: Int) -> AuditPosition {
        index == 0
            ? .beginning : AuditPosition(sequence: chain[index - 1].sequence, hash: chain[index - 1].hash)
    }

    @Test func `as it was written is whole`() { #expect(AuditChain.fault(in: chain) == nil) }

    @Test func `is hashed in a way that never changes`() {
        // Python: hashlib.sha256(b'19:jarvis audit record,64:' + b'0' * 64 + b',1:1,2:{},').hexdigest()
        let first = AuditPosition.beginning.following(Array("{}".utf8), SHA256.hexDigest)
        #expect(first.sequence == 1)
        #expect(first.hash == "41f609c90bf8e8f4fbe00aa361e5ee969d1666a0cb145d3e616ce64f9c515e58")
    }

    @Test func `shows every edit of a single byte of a text`() {
        var edits = 0
        for (index, entry) in chain.enumerated() {
            for place in entry.text.indices {
                var text = entry.text
                text[place] ^= UInt8(1 << (place % 8))
                let edited = AuditEntry(sequence: entry.sequence, hash: entry.hash, text: text)
                let fault = AuditChain.fault(in: [edited], after: position(before: index))
                guard fault != AuditFault(.edited, at: entry.sequence) else {
                    edits += 1
                    continue
                }
                Issue.record("byte \(place) of record \(entry.sequence): \(String(describing: fault))")
            }
        }
        #expect(edits == chain.map(\.text.count).reduce(0, +) && edits > 5_000)
    }

    @Test func `shows a byte too many or too few, and an edited hash`() {
        for index in chain.indices {
            let entry = chain[index]
            var hash = Array(entry.hash.utf8)
            hash[index] = hash[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            for edited in [
                AuditEntry(sequence: entry.sequence, hash: entry.hash, text: entry.text + [32]),
                AuditEntry(sequence: entry.sequence, hash: entry.hash, text: entry.text.dropLast()),
                AuditEntry(sequence: entry.sequence, hash: String(decoding: hash, as: UTF8.self), text: entry.text),
            ] {
                var changed = chain
                changed[index] = edited
                #expect(AuditChain.fault(in: changed) == AuditFault(.edited, at: entry.sequence))
            }
        }
    }

    @Test func `shows every record that is taken out, also where those after it are numbered anew`() {
        for index in chain.indices.dropLast() {
            var changed = chain
            changed.remove(at: index)
            #expect(AuditChain.fault(in: changed) == AuditFault(.gap, at: chain[index].sequence))
            let renumbered = changed.enumerated().map { place, entry in
                AuditEntry(sequence: Int64(place + 1), hash: entry.hash, text: entry.text)
            }
            #expect(AuditChain.fault(in: renumbered) == AuditFault(.edited, at: chain[index].sequence))
        }
    }

    @Test func `shows neighbours that changed places, with their numbers, their hashes, or neither`() {
        for index in chain.indices.dropLast() {
            let (first, second) = (chain[index], chain[index + 1])
            var lines = chain
            lines.swapAt(index, index + 1)
            var rows = chain
            rows[index] = AuditEntry(sequence: first.sequence, hash: second.hash, text: second.text)
            rows[index + 1] = AuditEntry(sequence: second.sequence, hash: first.hash, text: first.text)
            var texts = chain
            texts[index] = AuditEntry(sequence: first.sequence, hash: first.hash, text: second.text)
            texts[index + 1] = AuditEntry(sequence: second.sequence, hash: second.hash, text: first.text)
            for changed in [lines, rows, texts] {
                #expect(AuditChain.fault(in: changed) == AuditFault(.reordered, at: first.sequence))
            }
        }
    }

    @Test func `shows a record that is put in or repeated`() {
        for index in chain.indices {
            var repeated = chain
            repeated.insert(chain[index], at: index + 1)
            let next = chain[index].sequence + 1
            #expect(AuditChain.fault(in: repeated) == AuditFault(.reordered, at: next))
            var forged = chain
            let own = position(before: index).following(Array("{}".utf8), SHA256.hexDigest)
            forged.insert(AuditEntry(sequence: own.sequence, hash: own.hash, text: Array("{}".utf8)), at: index)
            #expect(AuditChain.fault(in: forged) == AuditFault(.reordered, at: next))
        }
    }

    @Test func `alone does not show a tail that was cut off`() {
        // What the signed head is for.
        for count in 0..<50 { #expect(AuditChain.fault(in: Array(chain.prefix(count))) == nil) }
    }

    @Test func `can't be read in two ways`() {
        // A text that ends like the next field would begin.
        let digest: AuditDigest = { String(decoding: $0, as: UTF8.self) }
        let one = AuditPosition(sequence: 1, hash: "a").following(Array("b,1:c".utf8), digest)
        let other = AuditPosition(sequence: 1, hash: "a,1:b").following(Array("c".utf8), digest)
        #expect(one.hash != other.hash)
    }
}
