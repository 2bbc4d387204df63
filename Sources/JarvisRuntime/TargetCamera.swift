// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine

/// Captures the state of targets on their hosts.
struct TargetCamera: Sendable {
    let inventory: Inventory
    let policy: Policy
    let runner: any CommandRunner

    /// Everything there is to know of a target, and why what an undo compares is not among it; nil: it is.
    func everything(of target: Target, fencingToken: UInt64) async -> (state: CapturedState, fault: SnapshotFault?) {
        do throws(SnapshotFault) {
            let (host, questions) = try questions(about: target)
            async let answers = details(questions.details, on: host, fencingToken)
            let receipt = await ask(questions.state, on: host, fencingToken)
            var state = CapturedState()
            var fault: SnapshotFault?
            do throws(SnapshotFault) { state = try Capture.state(of: target, from: receipt) } catch { fault = error }
            for (detail, receipt) in await answers { Capture.add(detail, from: receipt, to: &state) }
            return (state, fault)
        } catch {
            return (CapturedState(), error)
        }
    }

    /// What an undo compares alone.
    func state(of target: Target, fencingToken: UInt64) async throws(SnapshotFault) -> CapturedState {
        let (host, questions) = try questions(about: target)
        return try Capture.state(of: target, from: await ask(questions.state, on: host, fencingToken))
    }

    private func questions(about target: Target) throws(SnapshotFault) -> (Host, Capture.Questions) {
        guard let host = inventory.hosts[target.host],
            let questions = Capture.questions(about: target, in: inventory, under: policy)
        else { throw SnapshotFault("the state of \(target) can't be read on its host") }
        return (host, questions)
    }

    private func details(
        _ details: [Capture.Detail], on host: Host, _ token: UInt64
    ) async -> [(Capture.Detail, Receipt)] {
        await withTaskGroup(of: (Capture.Detail, Receipt).self) { group in
            for detail in details { group.addTask { (detail, await ask(detail.step, on: host, token)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func ask(_ step: JudgedStep, on host: Host, _ token: UInt64) async -> Receipt {
        await runner.run(
            step, on: host, RunContext(fencingToken: token, deadlineSeconds: Capture.deadlineSeconds))
    }
}
