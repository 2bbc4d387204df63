// SPDX-License-Identifier: Apache-2.0

import JarvisEngine
import JarvisHTTP
import JarvisRuntime
import Synchronization

/// What works by the rules in force: workers and routes, replaced as a whole when the configuration is read anew.
struct Wiring: Sendable {
    let settings: OperatorSettings
    let rules: EngineRules
    let dispatcher: JobDispatcher
    let router: Router
}

/// The wiring in force; what began under an earlier one ends under it.
final class CurrentWiring: Sendable {
    private let wiring: Mutex<Wiring>

    init(_ wiring: Wiring) { self.wiring = Mutex(wiring) }

    var value: Wiring { wiring.withLock { $0 } }

    func replace(by new: Wiring) { wiring.withLock { $0 = new } }
}
