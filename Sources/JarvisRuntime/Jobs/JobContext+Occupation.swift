// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine

extension JobContext {
    /// Changes wait while a backup, a dump or an upgrade runs where they would be made: throws `restrained` then.
    func checkOccupation(_ step: JudgedStep, of action: Action, on host: Host, _ claim: JobClaim) async throws {
        guard step.commandClass > .observe, action.target.kind != .service,
            let look = Occupation.step(under: rules.policy)
        else { return }
        let receipt = await runner.run(
            look, on: host,
            RunContext(fencingToken: claim.token, deadlineSeconds: Occupation.deadlineSeconds))
        try Task.checkCancellation()
        if let what = Occupation.reading(receipt) { throw StoreError.restrained(.occupied(host.name, by: what)) }
    }
}
