// SPDX-License-Identifier: Apache-2.0

import Glibc
package import JarvisCore

/// The keys that Jarvis made for hosts, one each, in a folder that only its own user may enter.
package struct EnrolledKeys: Sendable, Equatable {
    private let folder: String
    private static let program = "/usr/bin/ssh-keygen"

    /// Uses the folder of this path, made on first use.
    package init(folder: String) { self.folder = folder }

    /// Where a host's private key is, whether or not there is one.
    package func path(_ host: HostName) -> String { "\(folder)/\(host)_ed25519" }

    /// Where a key is until a login with it has succeeded; nothing uses it before.
    package func nextPath(_ host: HostName) -> String { path(host) + ".next" }

    /// Whether a host has a key.
    package func exists(_ host: HostName) -> Bool { access(path(host), F_OK) == 0 }

    /// Whether a host has a key that no login has succeeded with yet.
    package func nextExists(_ host: HostName) -> Bool { access(nextPath(host), F_OK) == 0 }

    /// How to log in: with the host's own key, unless the configuration names another or there is none.
    package func applied(to endpoint: SSHEndpoint, of host: HostName) -> SSHEndpoint {
        guard endpoint.identityFile == nil, exists(host) else { return endpoint }
        return endpoint.with(identityFile: path(host))
    }

    /// The public key of a host's key, made where there is none.
    package func makeKey(for host: HostName) async throws(HostSetupError) -> HostKey {
        try await make(path(host), host)
    }

    /// The public key of the key that will take the place of a host's key; one of an earlier attempt is taken up.
    package func makeNextKey(for host: HostName) async throws(HostSetupError) -> HostKey {
        try await make(nextPath(host), host)
    }

    /// Puts the next key in the place of the host's key, in one step.
    package func promoteNextKey(of host: HostName) throws(HostSetupError) {
        guard rename(nextPath(host), path(host)) == 0 else {
            throw HostSetupError("\(nextPath(host)): \(systemErrorText(errno))")
        }
        rename(nextPath(host) + ".pub", path(host) + ".pub")
    }

    /// Deletes a host's keys.
    package func remove(_ host: HostName) {
        for path in [path(host), nextPath(host)] {
            unlink(path)
            unlink(path + ".pub")
        }
    }

    private func make(_ path: String, _ host: HostName) async throws(HostSetupError) -> HostKey {
        do throws(FileError) { try preparePrivateDirectory(folder) } catch { throw HostSetupError("\(error)") }
        if access(path, F_OK) != 0 {
            let fresh = path + ".\(randomHexadecimal(bytes: 8))"
            defer {
                unlink(fresh)
                unlink(fresh + ".pub")
            }
            _ = try await run(["-q", "-t", "ed25519", "-N", "", "-C", "jarvis \(host)", "-f", fresh])
            // Never in place of one that another process made meanwhile.
            guard link(fresh, path) == 0 || errno == EEXIST else {
                throw HostSetupError("\(path): \(systemErrorText(errno))")
            }
        }
        // Asked of the private key, because that is what will be used.
        let text = try await run(["-y", "-f", path])
        guard let key = HostKey(line: "key " + text) else {
            throw HostSetupError("\(path) can't be read as a key; move it away and enrol the host again")
        }
        return key
    }

    private func run(_ arguments: [String]) async throws(HostSetupError) -> String {
        let child = ChildProcess(executable: Self.program, arguments: arguments, environment: ["LC_ALL": "C"])
        guard let result = try? await child.run(deadline: .seconds(20)), result.ending == .exited(0) else {
            throw HostSetupError(
                "\(Self.program) failed on \(arguments.last ?? ""); is the OpenSSH client installed, and the key intact?"
            )
        }
        return result.standardOutput
    }
}
