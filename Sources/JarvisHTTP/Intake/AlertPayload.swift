// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// One alert as senders write it, checked field by field.
struct AlertPayload: Decodable {
    static let maximumLabels = 128
    static let maximumNameBytes = 256
    static let maximumValueBytes = 16_384

    let labels: [String: String]
    let annotations: [String: String]
    let status: String?
    let startsAt: Date
    let endsAt: Date?
    let generatorURL: String?

    /// An alert whose fields were checked.
    init(
        labels: [String: String], annotations: [String: String], status: String?, startsAt: Date, endsAt: Date?,
        generatorURL: String?
    ) {
        self.labels = labels
        self.annotations = annotations
        self.status = status
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.generatorURL = generatorURL
    }

    private enum Key: String, CodingKey { case labels, annotations, status, startsAt, endsAt, generatorURL }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        labels = try container.decode([String: String].self, forKey: .labels)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
        status = try container.decodeIfPresent(String.self, forKey: .status)
        // Without it every repeat would be a new occurrence.
        guard let begin = try Self.time(container, .startsAt), begin.timeIntervalSince1970 > 0 else {
            throw Self.fault(.startsAt, container, "is missing")
        }
        startsAt = begin
        endsAt = try Self.time(container, .endsAt)
        generatorURL = try container.decodeIfPresent(String.self, forKey: .generatorURL)
        try Self.check(labels, .labels, container)
        try Self.check(annotations, .annotations, container)
        if labels.isEmpty { throw Self.fault(.labels, container, "at least one label is needed") }
    }

    private static func time(_ container: KeyedDecodingContainer<Key>, _ key: Key) throws -> Date? {
        guard let text = try container.decodeIfPresent(String.self, forKey: key), !text.isEmpty else { return nil }
        guard let time = RFC3339.parse(text) else {
            throw fault(key, container, "not an RFC 3339 timestamp with a zone")
        }
        return time
    }

    private static func check(_ pairs: [String: String], _ key: Key, _ container: KeyedDecodingContainer<Key>) throws {
        if let reason = fault(of: pairs) { throw fault(key, container, reason) }
    }

    /// What is wrong with labels or annotations; nil when nothing is.
    static func fault(of pairs: [String: String]) -> String? {
        if pairs.count > maximumLabels { return "more than \(maximumLabels) entries" }
        for (name, value) in pairs {
            if name.isEmpty || name.utf8.count > maximumNameBytes {
                return "a name is empty or longer than \(maximumNameBytes) bytes"
            }
            if value.utf8.count > maximumValueBytes { return "a value is longer than \(maximumValueBytes) bytes" }
            if value.utf8.contains(0) || name.utf8.contains(0) { return "a NUL byte" }
        }
        return nil
    }

    private static func fault(_ key: Key, _ container: KeyedDecodingContainer<Key>, _ reason: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: container.codingPath + [key], debugDescription: reason))
    }
}

/// An alert of a batch, or why it was not understood.
enum BatchElement: Decodable {
    case alert(AlertPayload)
    case rejected(reason: String, raw: String)

    init(from decoder: any Decoder) throws {
        do {
            self = .alert(try AlertPayload(from: decoder))
        } catch let error as DecodingError {
            self = .rejected(reason: error.fieldAndReason, raw: Self.raw(decoder))
        } catch {
            self = .rejected(reason: "not understood", raw: Self.raw(decoder))
        }
    }

    /// At most 16 KiB; what can't even be read again as JSON (a number beyond all bounds) is said to be so.
    private static func raw(_ decoder: any Decoder) -> String {
        guard let value = try? JSONValue(from: decoder), let bytes = try? JSONEncoder().encode(value) else {
            return "(not representable)"
        }
        return String(decoding: bytes.prefix(16_384), as: UTF8.self)
    }
}

extension DecodingError {
    /// `alerts[2].startsAt: not an RFC 3339 timestamp with a zone`.
    var fieldAndReason: String {
        let (context, reason): (Context, String) =
            switch self {
            case .keyNotFound(let key, let context): (context.appending(key), "is missing")
            case .typeMismatch(let type, let context): (context, "must be \(Self.name(of: type))")
            case .valueNotFound(let type, let context): (context, "must be \(Self.name(of: type)), not null")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "not understood")
            }
        let path = context.codingPath.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? reason : "\(path): \(reason)"
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is [String: String].Type, is [String: Any].Type: "an object"
        case is any Collection.Type: "a list"
        default: "of another type"
        }
    }
}

extension DecodingError.Context {
    fileprivate func appending(_ key: any CodingKey) -> Self {
        Self(codingPath: codingPath + [key], debugDescription: debugDescription)
    }
}
