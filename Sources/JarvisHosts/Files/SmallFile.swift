// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The text of a file of at most `limit` bytes; nil when it can't be read or is larger.
package func readSmallFile(_ path: String, limit: Int = 1 << 20) -> String? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = OwnedDescriptor(number)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= limit {
        let count = Glibc.read(file.number, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(contentsOf: chunk.prefix(count))
    }
    return nil
}
