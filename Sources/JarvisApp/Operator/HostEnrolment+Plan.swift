// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisHosts

extension HostEnrolment {
    /// What the operator can have done on a host.
    package enum Undertaking: String, Sendable, CaseIterable {
        case enrol, rotate, revoke, remove
    }

    /// What an undertaking would do on a host; changes nothing but that a key which it needs is made here.
    package func plan(_ undertaking: Undertaking, on name: String) async throws(Failure) -> HostPlan {
        let (host, endpoint) = try endpoint(of: name)
        let usesKey = undertaking == .enrol || undertaking == .rotate
        guard endpoint.identityFile == nil || !usesKey else {
            throw Failure(
                description:
                    "host \(host.name) has a 'key' in the configuration, and enrolment gives it one of its own; "
                    + "take 'key' out there first")
        }
        guard undertaking != .rotate || isEnrolled(host.name) else {
            throw Failure(description: "host \(host.name) has no key of its own: jarvis hosts enrol \(host.name)")
        }
        do throws(HostSetupError) {
            switch undertaking {
            case .enrol: return try await enrolling(host, endpoint)
            case .rotate: return try await rotating(host, endpoint)
            case .revoke: return try await undoing(.revoke, host, endpoint)
            case .remove: return try await undoing(.remove, host, endpoint)
            }
        } catch {
            throw Failure(description: "\(error)")
        }
    }

    private func enrolling(_ host: Host, _ endpoint: SSHEndpoint) async throws(HostSetupError) -> HostPlan {
        let rules = try TargetSteps.rootRules(on: host, in: configuration.inventory, under: policy)
        // A new key is used by nothing before it is proven: until then the host is reached as before.
        let keys = access.enrolledKeys
        let key =
            keys.exists(host.name) ? try await keys.makeKey(for: host.name) : try await keys.makeNextKey(for: host.name)
        let setup = try HostSetup(
            host: host.name, user: endpoint.user, key: key, guardPolicy: try guardPolicy(of: host), rules: rules)
        var steps = ["make the user \(setup.user), without a password, unless it is there already"]
        var files: [(path: String, content: String)] = []
        if let policy = setup.guardPolicy {
            steps.append(
                "put jarvis-guard to /usr/local/sbin, and have it resume its timed reverts at the machine's start")
            files.append(("/etc/jarvis-guard/policy", policy))
        }
        if !rules.isEmpty {
            steps.append("allow \(setup.user) to run as root exactly what is listed below, once visudo accepts it")
            let lines = rules.map {
                "\(setup.user) ALL=(root) NOPASSWD: NOSETENV: \($0.program) \($0.escapedArguments)\n"
            }
            files.append((setup.sudoersFile, lines.joined()))
        }
        let use = setup.guardPolicy == nil ? "for commands" : "for the guard alone"
        steps.append("let the key of \(host.name) log in as \(setup.user), \(use): \(setup.keyText)")
        steps.append(
            "note in /var/lib/jarvis-enrolment what was made, so that 'jarvis hosts remove' takes away just that")
        return HostPlan(
            host: host, endpoint: endpoint, setup: setup, scripts: [HostSetupScript(.install, setup)], steps: steps,
            files: files, notes: notes(host, setup))
    }

    /// A key of the engine's own group would make the login root: nothing here does that.
    private func notes(_ host: Host, _ setup: HostSetup) -> [String] {
        guard host.targets.contains(where: { $0.container != nil }), !host.rootKinds.contains(.container) else {
            return []
        }
        return [
            "\(setup.user) is not put into the group docker, because that makes it root; "
                + "add 'sudo: [containers]' to the host, or have an engine of its own"
        ]
    }

    private func guardPolicy(of host: Host) throws(HostSetupError) -> String? {
        guard host.isGuarded, let statement = access.guardStatement else { return nil }
        var own: String?
        if let path = configuration.policyFile {
            guard let bytes = try? BoundedFile.read(path, limit: 1 << 18).bytes else {
                throw HostSetupError("the policy file \(path) can't be read, or is too long for a guard")
            }
            own = String(decoding: bytes, as: UTF8.self)
        }
        return GuardPolicyText.text(
            for: host, in: configuration.inventory, under: policy, statement: statement, own: own)
    }

    private func rotating(_ host: Host, _ endpoint: SSHEndpoint) async throws(HostSetupError) -> HostPlan {
        let next = try await access.enrolledKeys.makeNextKey(for: host.name)
        let setup = try HostSetup(
            host: host.name, user: endpoint.user, key: next, guardPolicy: try guardPolicy(of: host))
        return HostPlan(
            host: host, endpoint: endpoint, setup: setup,
            scripts: [HostSetupScript(.addKey, setup), HostSetupScript(.keepKey, setup)],
            steps: [
                "let a new key log in as \(setup.user) beside the old one: \(next.kind) \(next.base64)",
                "log in with it here, and use it from then on",
                "let the old key log in no more, and delete it here",
            ], files: [], notes: [])
    }

    private func undoing(
        _ purpose: HostSetupScript.Purpose, _ host: Host, _ endpoint: SSHEndpoint
    ) async throws(HostSetupError) -> HostPlan {
        // Which key it was does not matter: every line of Jarvis' for this host goes.
        let setup = try HostSetup(host: host.name, user: endpoint.user, key: nil)
        let steps =
            purpose == .revoke
            ? [
                "let no key of Jarvis log in as \(setup.user) any more, and end its sessions",
                "take \(setup.sudoersFile) and /etc/jarvis-guard/policy away; the user and all else stay",
                "delete the key here",
            ]
            : [
                "take away all that enrolment made there: keys, sudo entries, guard, and the user if it made it",
                "forget the host's keys and delete its own key here",
            ]
        return HostPlan(
            host: host, endpoint: endpoint, setup: setup, scripts: [HostSetupScript(purpose, setup)], steps: steps,
            files: [], notes: [])
    }
}
