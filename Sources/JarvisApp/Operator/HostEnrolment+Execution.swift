// SPDX-License-Identifier: Apache-2.0

import JarvisCore
package import JarvisHosts

extension HostEnrolment {
    /// Does what a plan says, as the operator; returns what was shown to hold afterwards.
    ///
    /// - Parameters:
    ///   - keys: host keys that a person has just compared; nil: those that are pinned.
    ///   - guardProgram: for a plan that needs it.
    package func carryOut(
        _ undertaking: Undertaking, _ plan: HostPlan, as admin: AdminLogin.Name, keys: [HostKey]?,
        guardProgram: [UInt8]?
    ) async throws -> [String] {
        let pinned = try access.knownHosts.list()[plan.host.name] ?? []
        let believed = keys ?? pinned
        return try await withTrial(plan.host.name, believed) { trial in
            let login = AdminLogin(
                admin, on: plan.host.name, plan.endpoint, knownHostsFile: trial.knownHostsFile, environment: environment
            )
            let outcome: Result<[String], Failure>
            do throws(AdminLogin.Failure) {
                outcome = try await login.connected { connection throws(AdminLogin.Failure) in
                    switch undertaking {
                    case .enrol: try await enrol(plan, connection, trial, believed, guardProgram)
                    case .rotate: try await rotate(plan, connection, trial)
                    case .revoke: try await revoke(plan, connection)
                    case .remove: try await remove(plan, connection)
                    }
                }
            } catch {
                throw Failure(description: error.description)
            }
            return try outcome.get()
        }
    }

    private func enrol(
        _ plan: HostPlan, _ connection: AdminLogin.Connection, _ trial: HostAccess, _ keys: [HostKey],
        _ guardProgram: [UInt8]?
    ) async throws(AdminLogin.Failure) -> Result<[String], Failure> {
        for script in plan.scripts { try await connection.run(script, guardProgram: guardProgram) }
        let outcome = await result {
            let isNew = !isEnrolled(plan.host.name)
            let endpoint = isNew ? endpointWithNextKey(plan.endpoint, plan.host.name) : plan.endpoint
            let proof = try await prove(plan.host, endpoint, through: trial, rules: plan.setup.rules)
            if isNew { try access.enrolledKeys.promoteNextKey(of: plan.host.name) }
            try accept(proof, of: plan.host.name, keys: keys, replace: false)
            return proof.sentences
        }
        return outcome.mapError { failure in
            Failure(
                description:
                    "the host is set up, but it was not shown to work: \(failure). Enrol it again, or take all "
                    + "away: jarvis hosts remove \(plan.host.name) --admin USER")
        }
    }

    /// The old key works until the new one has been seen to; from then on the new one is used.
    private func rotate(
        _ plan: HostPlan, _ connection: AdminLogin.Connection, _ trial: HostAccess
    ) async throws(AdminLogin.Failure) -> Result<[String], Failure> {
        let name = plan.host.name
        try await connection.run(plan.scripts[0])
        let shown: [String]
        do {
            let endpoint = endpointWithNextKey(plan.endpoint, name)
            shown = try await prove(plan.host, endpoint, through: trial).sentences
            try access.enrolledKeys.promoteNextKey(of: name)
        } catch {
            return .failure(
                Failure(
                    description:
                        "\(error); the old key is still used and works. Run this again, or jarvis hosts enrol \(name)"))
        }
        do throws(AdminLogin.Failure) {
            try await connection.run(plan.scripts[1])
        } catch {
            return .failure(
                Failure(
                    description: "\(error); the new key is used now, but the old one still works there: run this again")
            )
        }
        return .success(shown + ["that was with the new key; the old one is gone"])
    }

    private func revoke(
        _ plan: HostPlan, _ connection: AdminLogin.Connection
    ) async throws(AdminLogin.Failure) -> Result<[String], Failure> {
        for script in plan.scripts { try await connection.run(script) }
        return await result {
            forgetLogin(plan.host.name)
            return ["the key of \(plan.host.name) is deleted; jarvis hosts enrol \(plan.host.name) makes a new one"]
        }
    }

    private func remove(
        _ plan: HostPlan, _ connection: AdminLogin.Connection
    ) async throws(AdminLogin.Failure) -> Result<[String], Failure> {
        for script in plan.scripts { try await connection.run(script) }
        return await result {
            _ = try remove(plan.host.name)
            return ["forgotten: its keys are unpinned, and its own key is deleted"]
        }
    }

    private func result(_ body: () async throws -> [String]) async -> Result<[String], Failure> {
        do {
            return .success(try await body())
        } catch let failure as Failure {
            return .failure(failure)
        } catch {
            return .failure(Failure(description: "\(error)"))
        }
    }
}
