// SPDX-License-Identifier: Apache-2.0

extension JudgedCommand {
    /// Prints kernel, user id and login name; what `jarvis hosts add` runs first on a host.
    package static func describeLogin() -> JudgedCommand {
        JudgedCommand(argv: ["id"], privilege: .login, commandClass: .observe, effect: .observeLogin)
    }

    /// Whether `sudo -n` works without a password for exactly this command, without running it (`sudo -l`).
    package func sudoListing() -> JudgedCommand {
        JudgedCommand(
            argv: ["sudo", "-n", "-l"] + argv, privilege: .login, commandClass: .observe, effect: effect)
    }
}
