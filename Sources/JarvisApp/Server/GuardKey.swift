// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import FoundationEssentials
import JarvisHosts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The key by which the guards of hosts know this Jarvis, and its epoch; both in the data directory.
///
/// `guard.key` holds the seed, `guard.pub` the statement for a guard's own file, `guard.epoch` the number of starts or,
/// where instances share a database, the epoch that it gives all of them. Without one, whoever has a copy of the
/// directory is a lower epoch as soon as this one started again.
struct GuardKey: Sendable {
    /// Which epoch commands are signed for.
    enum Epoch {
        /// The one that began last.
        case last
        /// A new one, durable before it is used; only who holds the database may do so.
        case new
        /// That of a database.
        case shared(UInt64)
    }

    private let signer: Ed25519.Signer
    private let epoch: UInt64

    /// The statement that a guard's file needs: `guard-key BASE64`.
    var statement: String { "guard-key \(Base64.encode(signer.publicKey))" }

    /// For connections to guarded hosts.
    var signing: GuardSigning { GuardSigning(epoch: epoch) { [signer] in signer.sign($0) } }

    /// Makes the key on first use.
    init(in directory: String, _ wanted: Epoch) throws {
        guard let signer = Ed25519.Signer(seed: try Self.seed(in: directory)) else {
            throw Self.damaged(directory, "guard.key")
        }
        self.signer = signer
        switch wanted {
        case .last: epoch = try Self.lastEpoch(in: directory)
        case .new: epoch = try Self.lastEpoch(in: directory) + 1
        case .shared(let shared): epoch = shared
        }
        if case .last = wanted { return }
        try replaceFile(directory + "/guard.epoch", with: "\(epoch)\n")
        try replaceFile(directory + "/guard.pub", with: statement + "\n")
    }

    /// The epoch that was used last here; 0 where there was none.
    static func lastEpoch(in directory: String) throws -> UInt64 {
        let path = directory + "/guard.epoch"
        guard access(path, F_OK) == 0 else { return 0 }
        guard let text = readSmallFile(path), let number = UInt64(text.prefix { $0 != "\n" }), number < .max else {
            throw damaged(directory, "guard.epoch")
        }
        return number
    }

    private static func seed(in directory: String) throws -> [UInt8] {
        try KeySeed.read("guard.key", in: directory, makingIt: true, document: document)
    }

    private static let document = "docs/GUARD.md"

    private static func damaged(_ directory: String, _ name: String) -> ServerError {
        KeySeed.damaged(name, in: directory, document: document)
    }
}
