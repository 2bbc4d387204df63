// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where the server answers, known once it listens.
final class ListeningAddress: Sendable {
    private let address = Mutex<String?>(nil)

    var url: String? { address.withLock { $0 } }

    /// Notes the address and returns it as a URL.
    func set(host: String, port: Int) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        let url = "http://\(name):\(port)"
        address.withLock { $0 = url }
        return url
    }
}
