// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

extension ActionSpecification {
    /// Actions on one service of a declared compose project.
    static let compose: [ActionSpecification] = [
        ActionSpecification(
            .composeRestart, "End the containers of one compose service and start them anew.", on: .compose,
            privilegeKind: .container, does: .restart, to: .stack, when: .somethingBad,
            by: .command([
                "docker", "compose", "-f", .composeFile, "-p", .composeProject, "restart", .composeService,
            ]), consequence: ["docker", "restart", .container],
            undo: .nothingToRestore("a restart leaves the same containers running; the run before it is over"),
            endsRun: true, expectedSeconds: 30, deadlineSeconds: 90,
            interruption: .leaves("a container may be stopped and not started yet")),
        // Nothing is built (that would run the project's own commands), and no other service is touched: those are steps
        // of their own. What the engine has not yet is pulled.
        ActionSpecification(
            .composeUp, "Make the containers of one compose service as its file says, and start them.", on: .compose,
            privilegeKind: .container, class: .disruptive, does: .change, to: .stack, when: .somethingBad,
            by: .command([
                "docker", "compose", "-f", .composeFile, "-p", .composeProject, "up", "-d", "--no-deps", "--no-build",
                .composeService,
            ]), consequence: ["docker", "stop", .container],
            undo: .impossible("containers may have been made anew; what the old ones were made of is not kept"),
            endsRun: true, expectedSeconds: 60, deadlineSeconds: 300,
            interruption: .leaves("a container may be made and not started yet")),
    ]
}
