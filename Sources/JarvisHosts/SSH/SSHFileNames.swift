// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The two files of one connection: control socket and client configuration.
///
/// The name is fresh for each attempt: nothing can mistake one connection for another, and nothing is shared with
/// another process that uses the directory.
struct SSHFileNames: Sendable, Equatable {
    let socket: String
    let configuration: String

    /// Two bytes after 16 digits: socket paths are short.
    static let socketSuffix = ".s"
    static let configurationSuffix = ".c"
    static let length = 18

    init(newIn directory: String) {
        let stem = "\(directory)/\(randomHexadecimal(bytes: 8))"
        socket = stem + Self.socketSuffix
        configuration = stem + Self.configurationSuffix
    }

    func remove() {
        unlink(socket)
        unlink(configuration)
    }
}
