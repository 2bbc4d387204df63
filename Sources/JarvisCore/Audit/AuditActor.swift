// SPDX-License-Identifier: Apache-2.0

/// On whose word something was done.
package enum AuditActor: Sendable, Equatable {
    /// Nobody's: the owner's policy lets it happen by itself.
    case jarvis
    /// A person's; nil: one whose name was not kept, before there was an audit log.
    case person(String?)
}

extension AuditActor: Codable {
    private static let prefix = "person:"

    /// Stored as `jarvis`, `person` or `person:NAME`.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        switch text {
        case "jarvis": self = .jarvis
        case "person": self = .person(nil)
        case _ where text.hasPrefix(Self.prefix): self = .person(String(text.dropFirst(Self.prefix.count)))
        default:
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an actor"))
        }
    }

    /// Stored as `jarvis`, `person` or `person:NAME`: nobody's name can be mistaken for Jarvis itself.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .jarvis: try container.encode("jarvis")
        case .person(nil): try container.encode("person")
        case .person(let name?): try container.encode(Self.prefix + name)
        }
    }
}
