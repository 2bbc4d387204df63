// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

extension ActionSpecification {
    /// Actions on a systemd unit: services, and also tunnels (`wg-quick@wg0.service`) and mounts (`mnt-nas.mount`).
    static let units: [ActionSpecification] = [
        // systemd's DefaultTimeoutStartSec is 90 s.
        ActionSpecification(
            .unitStart, "Start a unit that is not active.", on: .unit, does: .start, to: .unit, when: .targetBad,
            by: .command(["systemctl", "start", .target]), inverse: ["systemctl", "stop", .target],
            undo: .restores([.active]), expectedSeconds: 10, deadlineSeconds: 95),
        ActionSpecification(
            .unitRestart, "End a unit and start it anew.", on: .unit, does: .restart, to: .unit, when: .somethingBad,
            by: .command(["systemctl", "restart", .target]),
            undo: .nothingToRestore("a restart leaves the same unit active; the run before it is over"),
            endsRun: true, expectedSeconds: 20, deadlineSeconds: 95,
            // The job is systemd's, not that of the command that waits for it.
            interruption: .safe),
        ActionSpecification(
            .unitReload, "Have a unit read its configuration again, without ending it.", on: .unit, does: .reload,
            to: .unit, when: .somethingBad, by: .command(["systemctl", "reload", .target]),
            undo: .nothingToRestore("the files were not changed; what the unit had read before is kept nowhere"),
            expectedSeconds: 5, deadlineSeconds: 95),
    ]
}
