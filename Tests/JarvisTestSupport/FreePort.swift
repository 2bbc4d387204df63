// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// TCP ports of the loopback interface for programs that can't be asked to pick one themselves.
///
/// Below those that the system gives to outgoing connections, one of which could take the port before it is listened at;
/// and none twice.
package enum FreePort {
    private static let range = 20_000..<32_000
    private static let given = Mutex<Set<Int>>([])

    /// Nobody could be given a port.
    package struct Exhausted: Error {}

    /// One that nobody listens at.
    package static func pick() throws -> Int {
        for _ in 0..<1_000 {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
            return port
        }
        throw Exhausted()
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
