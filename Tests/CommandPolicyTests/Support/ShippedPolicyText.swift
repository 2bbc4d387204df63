// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisTestSupport

/// Judges texts by the product's own policy.
enum ShippedPolicyText {
    static func judge(_ text: String) throws -> JudgedText { try ShippedPolicy.get().assess(text) }

    /// The class; `forbidden` when refused.
    static func classOf(_ text: String, _ policy: Policy) -> CommandClass {
        (try? policy.assess(text))?.commandClass ?? .forbidden
    }
}
