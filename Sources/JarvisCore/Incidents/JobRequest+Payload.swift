// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension JobRequest.Work {
    /// Its canonical JSON: what the queue stores, and by which it knows that the same work waits already.
    package func payload() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what `payload` wrote; throws `DecodingError` for everything else.
    package init(payload: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(payload.utf8))
    }
}
