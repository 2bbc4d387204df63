// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisHosts

extension HostEnrolment {
    /// What a login on a host has shown.
    struct Proof: Sendable {
        /// The login shell's path, or `guardShell`.
        let shell: String
        /// What was shown, for a person.
        var sentences: [String]

        /// Stands for a shell where a guard answered.
        static let guardShell = "jarvis-guard"
    }

    /// Logs in as Jarvis does and shows that it can work there, and on a guarded host nothing else.
    ///
    /// - Parameter rules: what sudo must allow there.
    func prove(
        _ host: Host, _ endpoint: SSHEndpoint, through trial: HostAccess, rules: [SudoRule] = []
    ) async throws -> Proof {
        let outcome: Result<Proof, Failure> = await trial.connections.whileRunning {
            do throws(Failure) {
                var proof =
                    host.isGuarded
                    ? try await proveGuard(host, endpoint, trial) : try await proveShell(host, endpoint, trial)
                if !rules.isEmpty { proof.sentences.append(try await proveSudo(host, endpoint, trial, rules)) }
                return .success(proof)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func proveGuard(_ host: Host, _ endpoint: SSHEndpoint, _ trial: HostAccess) async throws(Failure) -> Proof {
        guard let identity = try? policy.assess("id").steps.first else {
            throw Failure(
                description: "the policy refuses 'id', by which a guard is tried; allow it in the policy file")
        }
        let login = Host(
            name: host.name, connection: .ssh(endpoint), rootKinds: host.rootKinds, targets: host.targets,
            isGuarded: true)
        let check = GuardCheck(connections: trial.connections, runner: trial.runner(under: policy))
        switch await check.check(login, endpoint, identity: .command(identity)) {
        case .unreachable(let reason): throw Failure(description: "the login was not possible: \(reason)")
        case .refused(let reason): throw Failure(description: reason)
        case .guarded:
            return Proof(
                shell: Proof.guardShell,
                sentences: [
                    "logged in as \(endpoint.user): the guard ran a signed command and refused an unsigned one"
                ])
        }
    }

    private func proveShell(_ host: Host, _ endpoint: SSHEndpoint, _ trial: HostAccess) async throws(Failure) -> Proof {
        switch await LoginShellCheck(connections: trial.connections).check(host.name, endpoint) {
        case .unreachable(let reason): throw Failure(description: "the login was not possible: \(reason)")
        case .refused(let reason): throw Failure(description: reason)
        case .usable(let shell):
            return Proof(shell: shell, sentences: ["logged in as \(endpoint.user), login shell \(shell)"])
        }
    }

    /// Through a guard sudo can't be asked; there it was asked on the host, by root.
    private func proveSudo(
        _ host: Host, _ endpoint: SSHEndpoint, _ trial: HostAccess, _ rules: [SudoRule]
    ) async throws(Failure) -> String {
        guard !host.isGuarded else { return "sudo on the host allows the \(rules.count) commands that need root" }
        let check = SudoCheck(connections: trial.connections)
        if let refusal = await check.check(host.name, endpoint, rules) { throw Failure(description: refusal) }
        return "sudo allows \(endpoint.user) the \(rules.count) commands that need root"
    }
}
