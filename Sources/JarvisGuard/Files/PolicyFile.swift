// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The guard's own file on the host; only its administrator may have written it.
enum PolicyFile {
    static let usualPath = "/etc/jarvis-guard/policy"

    /// Reads the file for one command, or as a whole, or says why nothing at all may be done.
    static func read(_ path: String, for canonical: String? = nil) throws(GuardError) -> GuardFile {
        let file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .system(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw GuardError("\(path): it is not a file") }
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw GuardError("\(path): others than root may write it; chown root, chmod 644")
        }
        let text = try file.text(limit: 1 << 20, of: path)
        do throws(GrammarFault) {
            return try GuardFile(text, name: path, for: canonical)
        } catch {
            throw GuardError("\(error)")
        }
    }
}
