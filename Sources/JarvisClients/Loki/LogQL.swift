// SPDX-License-Identifier: Apache-2.0
import JarvisCore

/// Writes a query as Loki reads it: values only ever as quoted strings.
enum LogQL {
    static func text(_ query: LogQuery) -> String {
        let conditions = query.conditions.map { condition in
            switch condition.comparison {
            case .equals(let value): "\(condition.label)=\(value.quotedForGo)"
            case .isThere: "\(condition.label)=~\".+\""
            }
        }
        let filters = query.filters.map { filter in
            switch filter {
            case .contains(let text): " |= \(text.quotedForGo)"
            case .containsAnyWord(let words):
                " |~ \("(?i)(\(words.map(\.escapedForRE2).joined(separator: "|")))".quotedForGo)"
            case .matches(let expression): " |~ \(expression.quotedForGo)"
            }
        }
        return "{\(conditions.joined(separator: ","))}\(filters.joined())"
    }
}
