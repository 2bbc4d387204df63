// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Runs judged steps on the machine Jarvis runs on: commands through `/bin/sh`, declared services without a shell.
package struct LocalCommandRunner {
    private let environment: [String: String]
    private let services: ServiceSupervisor
    private let slots: SessionSlots

    /// Commands get `environment` (see `ChildEnvironment`); at most `maximumRuns` run at a time.
    package init(environment: [String: String], services: ServiceSupervisor, maximumRuns: Int = 6) {
        self.environment = environment
        self.services = services
        slots = SessionSlots(count: maximumRuns)
    }

    /// Runs the same envelope line that another host would get; see `CommandRunner.run`.
    ///
    /// A run waits at most ten seconds for others to end.
    package func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .local = host.connection else {
            return Receipt(ending: .notStarted(reason: "\(host.name) is not this machine"))
        }
        switch step {
        case .service(let step):
            guard run.isClaimHeld() else { return .claimLost }
            return await services.run(step, deadline: .seconds(max(1, run.deadlineSeconds)))
        case .command(let command):
            var hasSlot = slots.takeIfFree()
            if !hasSlot { hasSlot = await withTimeLimit(.seconds(10)) { [slots] in await slots.take() } }
            guard hasSlot else {
                return Receipt(ending: .notStarted(reason: SessionRefusal.notInTime(host.name).reason))
            }
            defer { slots.release() }
            return await self.run(command, run)
        }
    }

    private func run(_ command: JudgedCommand, _ run: RunContext) async -> Receipt {
        guard !Task.isCancelled else {
            return Receipt(ending: .notStarted(reason: "it was cancelled before it began"))
        }
        do {
            let enveloped = try EnvelopedRun(command, run)
            let child = ChildProcess(
                executable: "/bin/sh", arguments: ["-c", enveloped.line], environment: environment)
            guard run.isClaimHeld() else { return .claimLost }
            let began = ContinuousClock.now
            let result = try await child.run(deadline: enveloped.localDeadline)
            return enveloped.receipt(result, took: .now - began)
        } catch let error as SessionRefusal {
            return Receipt(ending: .notStarted(reason: error.reason))
        } catch {
            return Receipt(ending: .notStarted(reason: "/bin/sh: \(error)"))
        }
    }
}
