// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

extension ActionSpecification {
    /// Actions on a container of the host's engine.
    static let containers: [ActionSpecification] = [
        ActionSpecification(
            .containerStart, "Start a container that does not run.", on: .container, does: .start, to: .container,
            when: .targetBad, by: .command(["docker", "start", .target]), inverse: ["docker", "stop", .target],
            undo: .restores([.running]), expectedSeconds: 5, deadlineSeconds: 60),
        // docker stops with 10 s of grace before it starts again.
        ActionSpecification(
            .containerRestart, "End a container and start it anew.", on: .container, does: .restart, to: .container,
            when: .somethingBad, by: .command(["docker", "restart", .target]),
            undo: .nothingToRestore("a restart leaves the same container running; the run before it is over"),
            endsRun: true, expectedSeconds: 20, deadlineSeconds: 60,
            interruption: .leaves("the container may be stopped and not started yet")),
        ActionSpecification(
            .containerUnpause, "Let a paused container go on.", on: .container, does: .unpause, to: .container,
            when: .targetPaused, by: .command(["docker", "unpause", .target]), inverse: ["docker", "pause", .target],
            undo: .restores([.paused]), expectedSeconds: 2, deadlineSeconds: 30),
    ]
}
