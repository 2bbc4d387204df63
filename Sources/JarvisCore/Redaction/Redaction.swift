// SPDX-License-Identifier: Apache-2.0

/// Text without its secrets.
package struct RedactedText: Sendable, Equatable {
    /// The text with `[redacted]` in the place of every secret.
    package let text: String
    /// How many places were replaced.
    package let count: Int

    /// Text of which `count` places were replaced.
    package init(text: String, count: Int) {
        self.text = text
        self.count = count
    }
}

/// Takes secrets out of what a host printed, before it is stored, shown or logged.
///
/// A pure function in linear time. It knows secrets by where they stand (values of names such as `DB_PASSWORD`, options,
/// URLs, headers, the environment of a container, key blocks), by their shape (prefixes of vendors, hashes, high
/// entropy) and by value. Applying it twice is applying it once. Where it can't know, it prefers to keep a text that looks
/// like an identifier: see docs/REDACTION.md for what it does not find.
package struct Redaction: Sendable {
    /// What stands in the place of a secret.
    package static let marker = "[redacted]"
    /// A known value that is shorter is left alone: it would be found in everything.
    package static let minimumValueLength = 5

    private let values: [KnownValue]

    /// Also redacts these very values wherever they occur, for secrets that this process itself holds.
    package init(values: [String] = []) {
        self.values = Set(values).filter { $0.utf8.count >= Self.minimumValueLength }.sorted().map(KnownValue.init)
    }

    /// Replaces every secret that is found.
    ///
    /// The result is at most four times as long. What `OutputGap` marks as left out is a border: nothing is read across it.
    package func redact(_ text: String) -> RedactedText { redact(Array(text.utf8), original: text) }

    /// As above for bytes; malformed UTF-8 becomes U+FFFD.
    package func redact(bytes: [UInt8]) -> RedactedText { redact(bytes, original: nil) }

    private func redact(_ bytes: [UInt8], original: String?) -> RedactedText {
        var bytes = bytes
        var count = 0
        // Mostly the second pass finds nothing: it is there for text that only reads as a secret once its
        // neighbour is gone.
        for _ in 0..<4 {
            let spans = secrets(in: bytes)
            guard !spans.isEmpty else { break }
            count += spans.count
            bytes = Self.replacing(spans, in: bytes)
        }
        if count == 0, let original { return RedactedText(text: original, count: 0) }
        return RedactedText(text: String(decoding: bytes, as: UTF8.self), count: count)
    }

    /// Sorted, apart from each other, none empty.
    private func secrets(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let manifest = SecretManifest.isPresent(in: bytes)
        for part in OutputGap.parts(of: bytes) {
            var blocks = KeyBlocks()
            blocks.scan(part)
            found += blocks.secret
            found += PairScanner.secrets(in: part)
            if manifest { found += SecretManifest.secrets(in: part) }
            found += OptionSecrets.secrets(in: part)
            found += AddressSecrets.secrets(in: part)
            found += TokenShapes.secrets(in: part)
            found += EntropyScanner.secrets(in: part, except: blocks.open)
            for value in values { found += value.occurrences(in: part) }
        }
        return Self.merged(found)
    }

    private static func merged(_ spans: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) where !span.isEmpty {
            if let last = merged.last, span.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
            } else {
                merged.append(span)
            }
        }
        return merged
    }

    private static func replacing(_ spans: [Range<Int>], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        var position = 0
        for span in spans {
            result += bytes[position..<span.lowerBound]
            result += marker.utf8
            position = span.upperBound
        }
        result += bytes[position...]
        return result
    }
}
