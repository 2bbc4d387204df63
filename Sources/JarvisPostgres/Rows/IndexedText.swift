// SPDX-License-Identifier: Apache-2.0

import Cryptography
import DurableQueue

/// Text that goes into an index, which takes no long entries.
enum IndexedText {
    private static let limit = 500

    /// The text, or a digest of it where it is long; no two different texts give the same.
    static func key(_ text: String) -> String {
        text.utf8.count <= limit && !text.hasPrefix(mark) ? text : mark + digest(text)
    }

    /// A digest of text.
    static func digest(_ text: String) -> String { SHA256.hexDigest(of: Array(text.utf8)) }

    private static let mark = "sha256:"
}

extension NewJob {
    /// What tells it from others while it waits: a digest of its kind and its payload.
    var identity: String { IndexedText.digest("\(kind.utf8.count):\(kind)\(payload)") }
}
