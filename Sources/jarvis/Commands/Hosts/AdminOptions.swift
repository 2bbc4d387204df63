// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisCore
import JarvisHosts

/// What the commands that change something on a host share.
struct AdminOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions
    @Argument(help: "The host's name in the inventory.") var name: String
    @Option(
        help: ArgumentHelp(
            "Your own login there, root or with sudo: USER, or USER@ADDRESS where yours differs from the inventory's.",
            valueName: "user[@address]"))
    var admin: String?
    @Flag(help: "Print the script that root would run there, and do nothing on the host.") var show = false
    @Flag(name: .shortAndLong, help: "It was looked at already: do not ask.") var yes = false

    func login() throws(HostEnrolment.Failure) -> AdminLogin.Name {
        guard let admin else {
            throw HostEnrolment.Failure(description: "whose login is root there? Add --admin USER, or --show")
        }
        do throws(SSHConfigurationError) {
            return try AdminLogin.Name(admin)
        } catch {
            throw HostEnrolment.Failure(description: "--admin: \(error)")
        }
    }

    /// Shows, asks, does.
    func undertake(
        _ undertaking: HostEnrolment.Undertaking,
        guardProgram: (HostPlan) throws -> [UInt8]? = { _ in nil }
    ) async throws {
        try await HostsCommand.reporting {
            let enrolment = try HostsCommand.enrolment(configuration)
            if show {
                let plan = try await enrolment.plan(undertaking, on: name)
                return Console.print(String(plan.scripts.map(\.text).joined(separator: "\n").dropLast()))
            }
            let login = try login()
            let plan = try await enrolment.plan(undertaking, on: name)
            let program = try guardProgram(plan)
            describe(plan, login)
            if !yes, try !HostsCommand.confirms("Shall this be done?") {
                Console.report("nothing was done")
                throw ExitCode.negative
            }
            var keys: [HostKey]?
            if try !enrolment.isPinned(plan.host.name) {
                keys = try await HostsCommand.comparedKeys(plan.host, plan.endpoint, enrolment, yes: yes)
            }
            let shown = try await enrolment.carryOut(undertaking, plan, as: login, keys: keys, guardProgram: program)
            for sentence in shown { Console.print(sentence) }
        }
    }

    private func describe(_ plan: HostPlan, _ login: AdminLogin.Name) {
        let place = login.address ?? plan.endpoint.address
        Console.print("On \(plan.host.name), logged in as \(login.user)@\(place) and there as root:")
        for (index, step) in plan.steps.enumerated() { Console.print("  \(index + 1). \(step)") }
        for (path, content) in plan.files {
            Console.print("\n\(path):")
            for line in content.split(separator: "\n") { Console.print("  \(line)") }
        }
        for note in plan.notes { Console.print("\nNote: \(note)") }
        Console.print("\nThe script itself: the same command with --show.")
    }
}
