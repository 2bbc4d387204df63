// SPDX-License-Identifier: Apache-2.0
/// Collects the header lines libcurl delivers, one at a time, into the head of the final answer.
///
/// A new status line (after 1xx) starts anew; lines after the final head are trailers, which count towards the limit
/// and are dropped.
struct ResponseHead {
    enum Verdict: Equatable { case accepted, tooLarge, invalid }

    private(set) var headers: [(name: String, value: String)] = []
    private(set) var isComplete = false
    private var status = 0
    private var contentLength: String?
    private var received = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func receive(_ line: some Collection<UInt8>) -> Verdict {
        received += line.count
        guard received <= limit else { return .tooLarge }
        let text = String(decoding: line, as: UTF8.self).trimmingLineEnd
        if text.hasPrefix("HTTP/") { return begin(text) }
        if isComplete { return .accepted }
        guard !text.isEmpty else {
            isComplete = status >= 200
            return .accepted
        }
        return add(text)
    }

    private mutating func begin(_ statusLine: Substring) -> Verdict {
        let parts = statusLine.split(separator: " ", maxSplits: 2)
        guard !isComplete, parts.count >= 2, let code = Int(parts[1]), (100...999).contains(code) else {
            return .invalid
        }
        headers = []
        contentLength = nil
        status = code
        return .accepted
    }

    private mutating func add(_ line: Substring) -> Verdict {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return .invalid }
        let name = String(line[..<colon])
        let value = String(line[line.index(after: colon)...].trimmingBlanks)
        if name.lowercased() == "content-length" {
            // Two lengths that differ leave no way to know where this answer ends and the next begins.
            guard contentLength == nil || contentLength == value else { return .invalid }
            contentLength = value
        }
        headers.append((name, value))
        return .accepted
    }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate var trimmingLineEnd: Substring {
        var rest = self[...]
        // A carriage return followed by a line feed is one Character.
        while let last = rest.last, last.isNewline { rest.removeLast() }
        return rest
    }

    fileprivate var trimmingBlanks: Substring {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
