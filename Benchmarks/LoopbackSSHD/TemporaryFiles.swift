// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// A new private directory with a short path.
package func makeTemporaryDirectory() throws -> String {
    var template = Array("/tmp/jarvis-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LoopbackError("no temporary directory") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a directory and everything in it.
package func removeTree(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}

func contents(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}

func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "we") else { throw LoopbackError("can't write \(path)") }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw LoopbackError("can't write \(path)") }
}

private func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
}

/// A port of 127.0.0.1 that nobody uses now.
package func freePort() throws -> Int {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw LoopbackError("no socket") }
    defer { close(number) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(number, $0, length) + getsockname(number, $0, &length)
        }
    }
    guard status == 0 else { throw LoopbackError("no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}

func accepts(_ port: Int) -> Bool {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return false }
    defer { close(number) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
