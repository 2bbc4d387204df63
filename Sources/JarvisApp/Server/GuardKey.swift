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
/// `guard.key` holds the seed, `guard.pub` the statement for a guard's own file, `guard.epoch` the number of starts.
/// Whoever has a copy of the directory is a lower epoch as soon as this one started again.
struct GuardKey: Sendable {
    private let signer: Ed25519.Signer
    private let epoch: UInt64

    /// The statement that a guard's file needs: `guard-key BASE64`.
    var statement: String { "guard-key \(Base64.encode(signer.publicKey))" }

    /// For connections to guarded hosts.
    var signing: GuardSigning { GuardSigning(epoch: epoch) { [signer] in signer.sign($0) } }

    /// Makes the key on first use.
    ///
    /// `advancing` begins a new epoch, durable before it is used; only who holds the database may do so.
    init(in directory: String, advancing: Bool) throws {
        guard let signer = Ed25519.Signer(seed: try Self.seed(in: directory)) else {
            throw Self.damaged(directory, "guard.key")
        }
        self.signer = signer
        var epoch: UInt64 = 0
        let path = directory + "/guard.epoch"
        if access(path, F_OK) == 0 {
            guard let text = readSmallFile(path), let number = UInt64(text.prefix { $0 != "\n" }), number < .max else {
                throw Self.damaged(directory, "guard.epoch")
            }
            epoch = number
        }
        if advancing {
            epoch += 1
            try replaceFile(path, with: "\(epoch)\n")
        }
        self.epoch = epoch
        if advancing { try replaceFile(directory + "/guard.pub", with: statement + "\n") }
    }

    private static func seed(in directory: String) throws -> [UInt8] {
        try KeySeed.read("guard.key", in: directory, makingIt: true, document: document)
    }

    private static let document = "docs/GUARD.md"

    private static func damaged(_ directory: String, _ name: String) -> ServerError {
        KeySeed.damaged(name, in: directory, document: document)
    }
}
