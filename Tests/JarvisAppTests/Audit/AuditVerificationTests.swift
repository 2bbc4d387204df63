// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisApp

@Suite struct `A check of the audit log` {
    private let chain: [AuditEntry]
    private let signer: Ed25519.Signer
    private let key: String

    init() throws {
        chain = try AuditChain.sample(50)
        signer = try #require(Ed25519.Signer(seed: [UInt8](repeating: 7, count: 32)))
        key = AuditHead(.beginning, at: .now, publicKey: signer.publicKey, sign: signer.sign).publicKey
    }

    private func head(_ count: Int, of chain: [AuditEntry]? = nil) -> AuditHead {
        let last = count == 0 ? nil : (chain ?? self.chain)[count - 1]
        let place = last.map { AuditPosition(sequence: $0.sequence, hash: $0.hash) } ?? .beginning
        return AuditHead(place, at: StoreSamples.start, publicKey: signer.publicKey, sign: signer.sign)
    }

    private func report(_ entries: some Sequence<AuditEntry>, _ head: AuditHead?) throws -> AuditReport {
        var verification = try AuditVerification(head: head, publicKey: key)
        for entry in entries { verification.add(entry) }
        return verification.report()
    }

    private func check(_ lines: [AuditLine], _ head: AuditHead? = nil) throws -> AuditReport {
        var verification = try AuditVerification(head: head, publicKey: key)
        return try verification.check(export: try lines.map { try $0.bytes() })
    }

    private var records: [AuditLine] { chain.map { .record($0) } }

    private func anchor(_ number: Int) -> AuditLine {
        .anchor(AuditPosition(sequence: chain[number - 1].sequence, hash: chain[number - 1].hash))
    }

    @Test func `finds a tail that was cut with a head, and not without`() throws {
        for count in 0..<50 {
            let cut = chain.prefix(count)
            #expect(try report(cut, nil) == AuditReport(records: count, head: .none, fault: nil))
            #expect(
                try report(cut, head(50))
                    == AuditReport(records: count, head: .notProven, fault: AuditFault(.cut, at: Int64(count + 1))))
            #expect(try report(chain, head(count)) == AuditReport(records: 50, head: .ok, fault: nil))
        }
        #expect(try report(chain, head(50)).line == "audit: records=50 chain=ok head=ok")
    }

    @Test func `finds a log that was written anew from some record on`() throws {
        for begin in [0, 1, 25, 49] {
            var forged = Array(chain.prefix(begin))
            var position = forged.last.map { AuditPosition(sequence: $0.sequence, hash: $0.hash) } ?? .beginning
            for _ in begin..<60 {
                let text = Array("{}".utf8)
                position = position.following(text, SHA256.hexDigest)
                forged.append(AuditEntry(sequence: position.sequence, hash: position.hash, text: text))
            }
            #expect(try report(forged, nil).fault == nil)
            #expect(try report(forged, head(50)).fault == AuditFault(.replaced, at: 50))
        }
    }

    @Test func `names the break before what the head says about it`() throws {
        var broken = chain
        broken.remove(at: 9)
        let found = try report(broken, head(50))
        #expect(found == AuditReport(records: 9, head: .notProven, fault: AuditFault(.gap, at: 10)))
        #expect(found.line == "audit: records=9 chain=broken head=notProven sequence=10 fault=gap")
        let object = try JSONEncoder().encode(found)
        #expect(String(decoding: object, as: UTF8.self).contains(#""fault":"gap""#))
    }

    @Test func `takes no head of another key`() throws {
        let other = try #require(Ed25519.Signer(seed: [UInt8](repeating: 8, count: 32)))
        let forged = AuditHead(head(50).position, at: .now, publicKey: other.publicKey, sign: other.sign)
        #expect(try report(chain, forged).fault == AuditFault(.signature, at: 50))
        #expect(try check(records + [.head(forged)]).fault == AuditFault(.signature, at: 50))
        #expect(throws: AuditVerification.Unable.self) { try AuditVerification(head: head(1), publicKey: nil) }
        #expect(throws: AuditVerification.Unable.self) { try AuditVerification(head: head(1), publicKey: "x") }
    }

    @Test func `of an export finds what was edited, taken out, exchanged or cut`() throws {
        let whole = records + [.head(head(50))]
        #expect(try check(whole) == AuditReport(records: 50, head: .ok, fault: nil))
        #expect(try check([.head(head(0))]).fault == nil)
        for index in 0..<49 {
            var changed = whole
            changed.remove(at: index)
            #expect(try check(changed).fault == AuditFault(.gap, at: Int64(index + 1)))
            changed = whole
            changed.swapAt(index, index + 1)
            #expect(try check(changed).fault == AuditFault(.reordered, at: Int64(index + 1)))
            // The tail and the head; the tail alone.
            #expect(try check(Array(whole.prefix(index))).fault == AuditFault(.cut, at: Int64(index + 1)))
            #expect(try check(Array(whole.prefix(index)) + [.head(head(50))]).fault?.kind == .cut)
        }
        #expect(try check(records, head(50)).fault == nil)
        #expect(try check(records + [.head(head(49))]).fault == AuditFault(.replaced, at: 49))
    }

    @Test func `of an export goes on from an earlier one`() throws {
        let part = [anchor(30)] + records.suffix(20) + [.head(head(50))]
        #expect(try check(part) == AuditReport(records: 20, head: .ok, fault: nil))
        #expect(try check(part, head(40)) == AuditReport(records: 20, head: .ok, fault: nil))
        #expect(throws: AuditVerification.Unable.self) { try check(part, head(20)) }
        let earlier = records.prefix(30) + [.head(head(30))]
        #expect(try check(earlier + part) == AuditReport(records: 50, head: .ok, fault: nil))
        #expect(try check(Array(records.prefix(29)) + part).fault == AuditFault(.gap, at: 30))
        #expect(try check(Array(records.prefix(31)) + part).fault == AuditFault(.replaced, at: 30))
        let wrong = AuditLine.anchor(AuditPosition(sequence: 30, hash: String(repeating: "a", count: 64)))
        #expect(try check([wrong] + part.dropFirst()).fault == AuditFault(.edited, at: 31))
    }

    @Test func `of an export names the line that is none`() throws {
        var verification = try AuditVerification(publicKey: key)
        let report = try verification.check(export: [try records[0].bytes(), Array("{}".utf8)])
        #expect(report.fault == AuditFault(.unreadable, at: 2))
    }
}
