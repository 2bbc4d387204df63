// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import JarvisHosts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The seed of a signing key, in a file of the data directory that only its own user can read.
enum KeySeed {
    /// Reads the seed, made first where the file is missing and `makingIt` says so.
    ///
    /// A file that is damaged is never made anew: others know its key.
    ///
    /// - Parameter document: where it says what to do then.
    static func read(
        _ name: String, in directory: String, makingIt: Bool, document: String
    ) throws -> [UInt8] {
        let path = "\(directory)/\(name)"
        if makingIt, access(path, F_OK) != 0 { try make(name, path, directory) }
        guard let text = readSmallFile(path), let seed = Base64.decode(text.prefix { $0 != "\n" }) else {
            throw damaged(name, in: directory, document: document)
        }
        return seed
    }

    /// What is said of a file that can't be used.
    static func damaged(_ name: String, in directory: String, document: String) -> ServerError {
        .dataDirectory(directory, reason: "\(name) is damaged or can't be read; restore it, see \(document)")
    }

    private static func make(_ name: String, _ path: String, _ directory: String) throws {
        // Whole before it has its name, and never in place of one that another process made meanwhile.
        let fresh = "\(path).\(getpid())"
        try replaceFile(fresh, with: Base64.encode(SecureRandom.bytes(Ed25519.seedByteCount)) + "\n")
        defer { unlink(fresh) }
        guard link(fresh, path) == 0 || errno == EEXIST else {
            throw ServerError.dataDirectory(directory, reason: "\(name): \(String(cString: strerror(errno)))")
        }
    }
}
