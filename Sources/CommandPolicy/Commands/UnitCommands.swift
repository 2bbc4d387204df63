// SPDX-License-Identifier: Apache-2.0

extension JudgedCommand {
    /// `systemctl start UNIT`.
    package static func startUnit(_ name: UnitName, privilege: Privilege) -> JudgedCommand {
        JudgedCommand(
            argv: ["systemctl", "start", name.text], privilege: privilege, commandClass: .bounded,
            effect: .startUnit(name))
    }

    /// `systemctl restart UNIT`.
    package static func restartUnit(_ name: UnitName, privilege: Privilege) -> JudgedCommand {
        JudgedCommand(
            argv: ["systemctl", "restart", name.text], privilege: privilege, commandClass: .bounded,
            effect: .restartUnit(name))
    }

    /// Reads the state of one unit as `Key=value` lines; needs no privilege.
    package static func showUnit(_ name: UnitName) -> JudgedCommand {
        JudgedCommand(
            argv: [
                "systemctl", "show",
                "--property=LoadState,ActiveState,SubState,Result,NRestarts,MainPID,InvocationID,ActiveEnterTimestampMonotonic",
                name.text,
            ],
            privilege: .login, commandClass: .observe, effect: .observeUnit(name))
    }
}
