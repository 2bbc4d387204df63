// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where the server answers, known once it listens.
final class ListeningAddress: Sendable {
    private let address = Mutex<String?>(nil)

    var url: String? { address.withLock { $0 } }

    func set(host: String, port: Int) {
        let name = host.contains(":") ? "[\(host)]" : host
        address.withLock { $0 = "http://\(name):\(port)" }
    }
}
