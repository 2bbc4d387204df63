// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The command line of the guard.
package struct GuardProgram: Sendable {
    private let invocation: GuardInvocation

    /// The program as it was started.
    package init(_ invocation: GuardInvocation) { self.invocation = invocation }

    private static let help = """
        jarvis-guard: runs on a host what Jarvis signed and this host's own policy allows, and refuses everything else.

          jarvis-guard serve                         the forced command: judges SSH_ORIGINAL_COMMAND
          jarvis-guard print-authorized-key KEYFILE  the line for authorized_keys that ties this public key to the guard
          jarvis-guard check                         reads the policy file, judges all examples, says what it allows
          jarvis-guard reset-token                   accepts any epoch again, after Jarvis was set back to a backup
          jarvis-guard resume                        waits again for timed reverts, after this machine was restarted

        options: --policy FILE (/etc/jarvis-guard/policy), --state FOLDER (/var/lib/jarvis-guard),
                 --program PATH of the guard itself, for print-authorized-key

        """

    /// Runs one call with the arguments behind `jarvis-guard` or `jarvis guard`; returns the exit status.
    package func run(_ arguments: [String]) -> Int32 {
        do {
            let options = try CommandLineOptions(arguments, invocation)
            switch (options.verb, options.operands.count) {
            case ("serve", 0):
                return Service(policyPath: options.policyPath, statePath: options.statePath, invocation: invocation)
                    .serve()
            case ("await", 1):
                return try reverts(options).wait(options.operands[0], readyDescriptor: options.readyDescriptor)
            case ("resume", 0): try reverts(options).resume()
            case ("print-authorized-key", 1):
                let path = options.operands[0]
                let text = try Descriptor(opening: path, O_RDONLY).text(limit: 1 << 16, of: path)
                print(try AuthorizedKey.line(publicKey: text, command: options.forcedCommand))
            case ("check", 0): try Self.check(options)
            case ("reset-token", 0): try Self.resetToken(options)
            case ("--help", 0), ("help", 0), ("-h", 0): print(Self.help, terminator: "")
            default: throw GuardError("this is not understood; see jarvis-guard --help")
            }
            return 0
        } catch {
            Descriptor.write("jarvis-guard: \(error)\n", to: 2)
            return 64
        }
    }

    private func reverts(_ options: CommandLineOptions) throws(GuardError) -> TimedReverts {
        TimedReverts(folder: try StateFolder(options.statePath), policyPath: options.policyPath, invocation: invocation)
    }

    private static func check(_ options: CommandLineOptions) throws {
        let file = try PolicyFile.read(options.policyPath)
        let settings = file.settings
        print("host     \(settings.host)")
        print("keys     \(settings.keys.map { Base64.encode($0) }.joined(separator: " "))")
        print("cap      \(settings.cap.rawValue), \(settings.changesPerHour) changes an hour")
        let targets = settings.targets.map { "\($0.key.rawValue): \($0.value.sorted().joined(separator: " "))" }
        print("targets  \(targets.isEmpty ? "none: nothing may be changed" : targets.sorted().joined(separator: "; "))")
        print(
            "policy   \(file.policy.programs.count) programs, \(file.policy.exampleCount) examples judged as they say")
    }

    /// The folder belongs to the login of Jarvis: whoever runs this as root does it as that user.
    private static func resetToken(_ options: CommandLineOptions) throws {
        var status = stat()
        if geteuid() == 0, lstat(options.statePath, &status) == 0, status.st_uid != 0 {
            guard setgroups(0, nil) == 0, setgid(status.st_gid) == 0, setuid(status.st_uid) == 0 else {
                throw GuardError.system("becoming the owner of \(options.statePath)")
            }
        }
        let folder = try StateFolder(options.statePath)
        let before = try folder.locked {
            // Intents stay: what was done once is not done again, whoever signs it.
            var state = (try? folder.load()) ?? GuardState(lostAt: secondsSince1970())
            let before = state.epoch
            state.epoch = 0
            state.changes = []
            try folder.store(state)
            return before
        }
        SystemLog.warn("reset-token: the epoch was \(before)")
        print("the epoch was \(before); the next request says the new one")
    }
}
