// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisTestSupport
import Testing

@Suite struct `The corpus of secrets` {
    private let redaction = Redaction()

    @Test func `has enough of both`() {
        #expect(SecretCorpus.secret.count >= 150)
        #expect(SecretCorpus.plain.count >= 150)
    }

    @Test(arguments: SecretCorpus.secret)
    func `does not survive`(sample: SecretCorpus.Sample) throws {
        let redacted = redaction.redact(sample.text)
        #expect(!redacted.text.contains(try #require(sample.secret)))
        #expect(redacted.count > 0)
    }

    @Test func `leaves harmless output as it is, but for less than one line in a hundred`() {
        let changed = SecretCorpus.plain.filter { redaction.redact($0.text).text != $0.text }
        print("redaction: \(changed.count) of \(SecretCorpus.plain.count) harmless lines changed")
        #expect(changed.count * 100 < SecretCorpus.plain.count, "\(changed)")
    }

    @Test(arguments: SecretCorpus.samples)
    func `is not changed by a second redaction`(sample: SecretCorpus.Sample) {
        let once = redaction.redact(sample.text)
        #expect(redaction.redact(once.text) == RedactedText(text: once.text, count: 0))
    }

    /// Also when much else stands around it, in any order.
    @Test func `does not survive between other output`() throws {
        var random = Seeded(7)
        for _ in 0..<300 {
            let sample = try #require(SecretCorpus.secret.randomElement(using: &random))
            let others = (0..<6).compactMap { _ in SecretCorpus.samples.randomElement(using: &random)?.text }
            let text = (others.prefix(3) + [sample.text] + others.suffix(3)).joined(separator: "\n")
            let redacted = redaction.redact(text).text
            #expect(!redacted.contains(try #require(sample.secret)), "\(sample) in \(text)")
            #expect(redaction.redact(redacted).text == redacted, "\(text)")
        }
    }

    /// An output may be cut anywhere; what stands before the cut is judged without what comes after it.
    @Test func `leaks no beginning at a cut`() throws {
        for sample in SecretCorpus.secret {
            let secret = try #require(sample.secret)
            guard let range = sample.text.range(of: secret) else { continue }
            let bytes = Array(sample.text.utf8)
            let begin = sample.text.utf8.distance(from: sample.text.startIndex, to: range.lowerBound)
            let length = secret.utf8.count
            for cut in [begin + length / 2, begin + length - 1] {
                let head = bytes[..<cut]
                let borders = Array(" \n\t\r\"',;".utf8) + [0]
                let whole = head.prefix((head.lastIndex(where: borders.contains) ?? -1) + 1)
                let text = String(decoding: whole, as: UTF8.self) + OutputGap.line(bytes: 100_000) + "end\n"
                let redacted = redaction.redact(text).text
                #expect(
                    !redacted.contains(secret.prefix(5))
                        || sample.text.dropLast(secret.count).contains(secret.prefix(5)), "\(sample): \(redacted)")
            }
        }
    }
}

extension String {
    /// The range of the first occurrence.
    fileprivate func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
