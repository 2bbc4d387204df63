// SPDX-License-Identifier: Apache-2.0

extension JudgedCommand {
    /// Prints kernel, user id and login name; what `jarvis hosts add` runs first on a host.
    package static func describeLogin() -> JudgedCommand {
        JudgedCommand(argv: ["id"], privilege: .login, commandClass: .observe, effect: .observeLogin)
    }
}
