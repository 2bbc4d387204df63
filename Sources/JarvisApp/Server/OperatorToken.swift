// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The token that lets the user who runs the server operate it from the same machine.
///
/// Kept in a file that only this user can read, beside the database that the same user can read anyway.
package enum OperatorToken {
    private static func path(in directory: String) -> String { directory + "/operator.token" }
    private static func passwordPath(in directory: String) -> String { directory + "/webhook.password" }

    /// Keeps a fresh webhook password in a file as well, for a server whose first words go to a log.
    static func write(webhookPassword: String, in directory: String) throws(ServerError) {
        try write(webhookPassword, to: passwordPath(in: directory), directory)
    }

    /// The token; nil when there is no file, or it can't be read.
    package static func read(in directory: String) -> String? { firstLine(of: path(in: directory)) }

    /// The webhook password of the first start; nil when there is none.
    static func readWebhookPassword(in directory: String) -> String? { firstLine(of: passwordPath(in: directory)) }

    private static func firstLine(of path: String) -> String? {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init)
    }

    /// Writes the token with mode 0600.
    static func write(_ token: String, in directory: String) throws(ServerError) {
        try write(token, to: path(in: directory), directory)
    }

    /// Removes both files, where what is in them was not taken after all.
    static func remove(in directory: String) {
        unlink(path(in: directory))
        unlink(passwordPath(in: directory))
    }

    private static func write(_ token: String, to path: String, _ directory: String) throws(ServerError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .dataDirectory(directory, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let bytes = Array((token + "\n").utf8)
        guard fchmod(descriptor, 0o600) == 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { throw .dataDirectory(directory, reason: String(cString: strerror(errno))) }
    }
}
