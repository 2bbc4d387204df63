// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

extension ActionSpecification {
    /// Actions on a program that the operator declared by its argv.
    static let services: [ActionSpecification] = [
        ActionSpecification(
            .serviceStart, "Start a declared service that does not run.", on: .service, does: .start, to: .process,
            when: .targetBad, by: .service(.start), undo: .restores([.active]), expectedSeconds: 5,
            deadlineSeconds: 30),
        ActionSpecification(
            .serviceRestart, "End a declared service (TERM, then KILL) and start it anew.", on: .service,
            does: .restart, to: .process, when: .somethingBad, by: .service(.restart),
            undo: .nothingToRestore("a restart leaves the same program running; the run before it is over"),
            expectedSeconds: 10, deadlineSeconds: 30,
            interruption: .leaves("the service may be stopped and not started yet")),
    ]
}
