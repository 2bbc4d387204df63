// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// JSON as the API writes and reads it: times in RFC 3339 with microseconds, keys sorted.
package enum JSONBody {
    /// Encodes an answer.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.format(date))
        }
        return Array(try encoder.encode(value))
    }

    /// Decodes what `encode` wrote.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = RFC3339.parse(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 timestamp"))
            }
            return date
        }
        return try decoder.decode(type, from: Data(bytes))
    }

    /// What a request asks for; 400 with the field and what is wrong with it for everything else.
    static func read<Value: Decodable>(_ type: Value.Type, _ request: HTTPServerRequest) throws -> Value {
        do {
            return try decode(type, from: request.body)
        } catch let error as DecodingError {
            throw HTTPRejection(.badRequest, error.fieldAndReason)
        }
    }
}
