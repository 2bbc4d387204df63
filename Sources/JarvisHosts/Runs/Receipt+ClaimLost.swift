// SPDX-License-Identifier: Apache-2.0

import JarvisCore

extension Receipt {
    /// The answer to a run whose claim ran out while it waited for its turn: somebody else may hold the job by now.
    static var claimLost: Receipt {
        Receipt(ending: .notStarted(reason: "the claim on its job ran out before it could be sent"))
    }
}
