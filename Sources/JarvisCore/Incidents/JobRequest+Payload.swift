// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension JobRequest.Work {
    /// Its canonical JSON: what the queue stores, and by which it knows that the same work waits already.
    package func payload() throws -> String {
        // There is one for every delivery; byte for byte what the encoder writes.
        if case .intake(let delivery) = self { return Self.intakeStart + delivery.description + Self.intakeEnd }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// What stands before the delivery's id in the payload of an intake.
    package static let intakeStart = #"{"intake":{"_0":""#
    /// What stands behind it.
    package static let intakeEnd = #""}}"#

    /// Reads what `payload` wrote; throws `DecodingError` for everything else.
    package init(payload: String) throws {
        if payload.hasPrefix(Self.intakeStart), payload.hasSuffix(Self.intakeEnd),
            let delivery = DeliveryID(
                String(payload.dropFirst(Self.intakeStart.count).dropLast(Self.intakeEnd.count)))
        {
            self = .intake(delivery)
            return
        }
        self = try JSONDecoder().decode(Self.self, from: Data(payload.utf8))
    }
}
