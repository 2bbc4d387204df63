// SPDX-License-Identifier: Apache-2.0

import JarvisCore

extension Planner.Result {
    /// The same result with one more fact in its reason.
    func adding(_ fact: String) -> Planner.Result {
        switch self {
        case .escalate(let reason): .escalate(reason: "\(reason); \(fact)")
        case .notCalledFor(let reason): .notCalledFor(reason: "\(reason); \(fact)")
        case .plan(let plan, let autonomy):
            .plan(
                Plan(
                    pattern: plan.pattern, target: plan.target, endpoint: plan.endpoint, steps: plan.steps,
                    policyDigest: plan.policyDigest, reason: "\(plan.reason); \(fact)", confidence: plan.confidence),
                autonomy)
        }
    }
}
