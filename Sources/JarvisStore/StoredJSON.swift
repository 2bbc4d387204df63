// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Values as the tables hold them: JSON with sorted keys.
package enum StoredJSON {
    /// Encodes a value.
    ///
    /// Measurements may be infinite or not a number, which JSON can't say; they are stored as text.
    package static func text(_ value: some Encodable, of what: String) throws(StoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw .corrupt(what: "\(what) can't be written as JSON: \(error)")
        }
    }

    /// Decodes a value; throws `corrupt` naming it.
    package static func value<Value: Decodable>(_ type: Value.Type, _ text: String, of what: String) throws(StoreError)
        -> Value
    {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "+inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try decoder.decode(type, from: Data(text.utf8))
        } catch {
            throw .corrupt(what: "\(what): \(error)")
        }
    }
}
