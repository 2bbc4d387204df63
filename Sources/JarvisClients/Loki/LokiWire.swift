// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JarvisCore

/// The shape of Loki's answer to a query for lines.
enum LokiWire {
    struct Stream {
        let labels: [String: String]
        let entries: [Entry]
    }

    struct Entry: Decodable {
        let nanoseconds: Int64
        let line: String

        /// A pair of nanoseconds as text and the line; a third element, structured metadata, is not read.
        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            let text = try pair.decode(String.self)
            guard let nanoseconds = Int64(text), nanoseconds >= 0 else {
                throw DecodingError.dataCorruptedError(in: pair, debugDescription: "no time")
            }
            self.nanoseconds = nanoseconds
            line = try pair.decode(String.self)
        }
    }

    private struct Answer: Decodable {
        struct Content: Decodable {
            let resultType: String
            let result: [Row]
        }

        struct Row: Decodable {
            let stream: [String: String]
            let values: [Entry]
        }

        let status: String
        let data: Content
    }

    static func streams(_ body: [UInt8]) throws(LogSourceError) -> [Stream] {
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: Data(body))
        } catch {
            throw .unavailable(reason: "what answers does not speak Loki's API: not the JSON that was expected")
        }
        guard answer.status == "success", answer.data.resultType == "streams" else {
            throw .unavailable(reason: "Loki's answer is none of lines")
        }
        return answer.data.result.map { Stream(labels: $0.stream, entries: $0.values) }
    }
}
