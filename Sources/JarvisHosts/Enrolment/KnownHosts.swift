// SPDX-License-Identifier: Apache-2.0

import Glibc
package import JarvisCore

/// Jarvis' own file of pinned host keys; a host of the inventory is believed by these keys alone.
///
/// The keys stand under the host's name in the inventory, so a new address does not make a host unknown and one
/// host's key can't vouch for another.
package struct KnownHosts: Sendable {
    private let path: String

    /// Uses the file at `path`; it need not exist.
    package init(path: String) { self.path = path }

    /// Why keys were not pinned.
    package enum PinError: Error, Equatable, CustomStringConvertible {
        /// No key was given.
        case noKey
        /// The host has these other keys: it was rebuilt, or somebody is in between.
        case differs(pinned: [HostKey])
        /// The file could not be read or replaced.
        case file(FileError)

        /// One sentence.
        package var description: String {
            switch self {
            case .noKey: "there is no host key to pin"
            case .differs: "another host key is pinned for this host; look why it changed before replacing it"
            case .file(let error): "\(error)"
            }
        }
    }

    /// All pinned keys by host; lines that are not of that form are left out.
    package func list() throws(FileError) -> [HostName: [HostKey]] {
        var keys: [HostName: [HostKey]] = [:]
        for line in try lines() {
            if let (host, key) = Self.entry(line) { keys[host, default: []].append(key) }
        }
        return keys
    }

    /// Makes `keys` the host's keys, durably; keys that it already has are not an error.
    ///
    /// When other keys are pinned for it, nothing is written unless `replace` is true.
    package func pin(_ keys: [HostKey], for host: HostName, replace: Bool = false) throws(PinError) {
        guard !keys.isEmpty else { throw .noKey }
        let pinned: [HostKey]
        do throws(FileError) { pinned = try list()[host] ?? [] } catch { throw .file(error) }
        if Set(pinned) == Set(keys) { return }
        guard pinned.isEmpty || replace else { throw .differs(pinned: pinned) }
        do throws(FileError) {
            let kept = try lines().filter { Self.entry($0)?.host != host }
            try write(kept + keys.map { "\(host) \($0.kind) \($0.base64)" })
        } catch {
            throw .file(error)
        }
    }

    /// Forgets a host; false when it was not pinned.
    package func remove(_ host: HostName) throws(FileError) -> Bool {
        let all = try lines()
        let kept = all.filter { Self.entry($0)?.host != host }
        guard kept.count < all.count else { return false }
        try write(kept)
        return true
    }

    private static func entry(_ line: String) -> (host: HostName, key: HostKey)? {
        guard let name = line.split(separator: " ").first, let host = HostName(String(name)),
            let key = HostKey(line: line)
        else { return nil }
        return (host, key)
    }

    private func lines() throws(FileError) -> [String] {
        guard let text = readSmallFile(path) else {
            if access(path, F_OK) != 0, errno == ENOENT { return [] }
            throw FileError(path: path, reason: "it can't be read, or is larger than 1 MiB")
        }
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }

    private func write(_ lines: [String]) throws(FileError) {
        try replaceFile(path, with: lines.map { "\($0)\n" }.joined())
    }
}
