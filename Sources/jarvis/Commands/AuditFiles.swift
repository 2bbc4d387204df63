// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisApp
import JarvisCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files that `jarvis audit` is given.
enum AuditFiles {
    /// Why a file can't be used; a sentence for a person.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The lines of an export; `-` is standard input.
    static func lines(of path: String) throws -> [ArraySlice<UInt8>] {
        try bytes(of: path).split(separator: UInt8(ascii: "\n"))
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(description: "\(path) can't be read: \(String(cString: strerror(errno)))")
    }

    /// The head in a file, its last line.
    static func head(of path: String) throws -> AuditHead {
        guard let last = try lines(of: path).last, case .head(let head) = AuditLine(last) else {
            throw Failure(description: "\(path) does not end with a head, as `jarvis audit head` prints it")
        }
        return head
    }

    static func json(_ report: AuditReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}
