// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A listening port on loopback that answers no further handshake.
final class FullBacklog {
    let port: Int
    private var descriptors: [Int32] = []

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        port = try HostileServer.bindToLoopback(listener, backlog: 0)
        descriptors.append(listener)
        for _ in 0..<4 {
            let client = socket(
                AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            HostileServer.withLoopback(port: UInt16(port)) { _ = connect(client, $0, $1) }
            descriptors.append(client)
        }
    }

    func close() { for descriptor in descriptors { Glibc.close(descriptor) } }
}
