// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
package import FoundationEssentials
import JarvisCore
import JarvisSQLite

/// A backup on the disk, and the proof that it is whole.
package struct BackupFolder: Sendable {
    /// Where it is.
    package let path: String
    /// What it says that it holds.
    package let manifest: BackupManifest
    /// The moment that it holds.
    package let date: Date

    /// Reads what a backup says of itself; nothing of it is checked yet.
    package init(at path: String) throws(BackupError) {
        let file = "\(path)/\(BackupManifest.fileName)"
        let bytes: [UInt8]
        do throws(BoundedFile.ReadError) {
            bytes = try BoundedFile.read(file, limit: 1 << 22).bytes
        } catch {
            throw .unable("\(file): \(error.message); name the directory of one backup")
        }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(bytes)),
            let date = manifest.date
        else { throw .damaged("\(file) can't be read: it is damaged, or not a backup") }
        guard manifest.format <= BackupManifest.knownFormat else {
            throw .unable("\(path) was made by Jarvis \(manifest.version), which is newer: use that version")
        }
        self.path = path
        self.manifest = manifest
        self.date = date
    }

    /// Checks every byte against the manifest, and what the database holds against itself; throws at the first fault.
    package func check() throws(BackupError) {
        guard manifest.schema <= SQLiteReport.knownSchema else {
            throw .unable(
                "\(path) has schema \(manifest.schema), this version knows up to \(SQLiteReport.knownSchema): "
                    + "use Jarvis \(manifest.version) or a newer one")
        }
        var names: Set<String> = []
        for file in manifest.files {
            guard DataFiles.isKnown(file.name), names.insert(file.name).inserted else {
                throw .damaged("\(path) names a file that belongs to no backup")
            }
            let content = try DurableFile.content(of: "\(path)/\(file.name)")
            guard content == DurableFile.Content(bytes: file.bytes, sha256: file.sha256) else {
                throw .damaged("\(path)/\(file.name) is not what was backed up: use another backup")
            }
        }
        guard names.contains(DataFiles.database) else { throw .damaged("\(path) has no database") }
        let position = AuditPosition(sequence: manifest.audit.sequence, hash: manifest.audit.hash)
        let report = try Self.inspect("\(path)/\(DataFiles.database)")
        guard report.audit == position, manifest.head.map({ $0.position == position }) ?? true else {
            throw .damaged("\(path): the audit log does not end where the backup says")
        }
        try checkHead()
    }

    /// What is in a database that is to be whole; throws `damaged` where it is not.
    static func inspect(_ path: String) throws(BackupError) -> SQLiteReport {
        let report: SQLiteReport
        do {
            report = try SQLiteInspection.report(on: path, depth: .quick)
        } catch {
            throw .unable(error.description)
        }
        guard let fault = report.faults.first else { return report }
        throw .damaged("\(path): \(fault.text)")
    }

    /// Signed with the key beside it: an exchanged database or manifest needs that key as well.
    private func checkHead() throws(BackupError) {
        guard let head = manifest.head else { return }
        guard let text = readKeyFile("\(path)/audit.key"), let seed = Base64.decode(text),
            let signer = Ed25519.Signer(seed: seed),
            head.isSigned(with: signer.publicKey, isValid: { Ed25519.isValid($0, for: $1, publicKey: $2) })
        else { throw .damaged("\(path): the head of its audit log was not signed with the key beside it") }
    }

    private func readKeyFile(_ path: String) -> String? {
        guard let bytes = try? BoundedFile.read(path, limit: 4_096).bytes else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
