// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Reads the line that `JudgedCommand.inspectContainer` makes the engine print.
enum ContainerState {
    private struct Inspection: Decodable {
        let id: String?
        let status: String
        let startedAt: String
        let pid: Int
        let exitCode: Int
        let oomKilled: Bool
        let health: String?
        let restartPolicy: String
        let restartCount: Int

        var hasHealthCheck: Bool { health.map { !["", "none"].contains($0) } ?? false }
    }

    /// What a program ends with that was asked to: by itself, or by the default of INT and TERM.
    private static let orderlyExits: Set<Int> = [0, 130, 143]
    /// What the engine itself gives a container that it could not start, or lost with its host.
    private static let engineExits: Set<Int> = [125, 126, 127, 128, 255]
    /// Policies under which the engine itself starts again what fails, and leaves only what a person stopped, however
    /// that ended (also in KILL, after a stop that took too long).
    private static let restarting: Set<String> = ["always", "unless-stopped"]

    /// What is said of a paused container, and by what a look at it is known.
    static let paused = "paused"

    static func read(_ output: String) -> TargetState {
        guard let state = try? JSONDecoder().decode(Inspection.self, from: Data(output.utf8)) else {
            return TargetState(.unknown, "the container engine's answer was not understood")
        }
        var seen = read(state)
        seen.identity = state.id
        seen.measures = state.hasHealthCheck ? [Signal.Measure("its health check")] : []
        seen.isRestartedByItself = state.restartCount > 0 || state.status == "restarting"
        return seen
    }

    /// What the state says of somebody's intention.
    static func signs(_ output: String) -> [RestraintSign] {
        (try? JSONDecoder().decode(Inspection.self, from: Data(output.utf8))).map(signs) ?? []
    }

    private static func signs(_ state: Inspection) -> [RestraintSign] {
        switch state.status {
        case "paused": return [.paused]
        case "restarting": return [.healsItself]
        case "exited", "dead":
            if engineExits.contains(state.exitCode) { return [] }
            if restarting.contains(state.restartPolicy) { return [.leftByRestartPolicy] }
            if state.oomKilled { return [.crashed] }
            return orderlyExits.contains(state.exitCode) ? [.orderlyExit] : []
        default: return []
        }
    }

    /// What a snapshot knows of it; nil where the answer was not understood or the container is between two states.
    static func captured(_ output: String) -> [SnapshotField: String]? {
        guard let state = try? JSONDecoder().decode(Inspection.self, from: Data(output.utf8)) else { return nil }
        let isRunning: Bool
        switch state.status {
        case "running", "paused", "restarting": isRunning = true
        case "exited", "dead", "created": isRunning = false
        default: return nil
        }
        return [
            .running: String(isRunning), .paused: String(state.status == "paused"), .state: state.status,
            .restartPolicy: state.restartPolicy, .identity: state.id ?? "",
        ].filter { !$0.value.isEmpty }
    }

    private static func read(_ state: Inspection) -> TargetState {
        let instance = "\(state.startedAt)#\(state.pid)"
        switch state.status {
        case "running": return running(state, instance)
        case "restarting":
            return TargetState(.bad, "restarting in a loop, exit code \(state.exitCode)", instance: instance)
        // Another run than the one that goes on afterwards, although it has the same start and process.
        case "paused": return TargetState(.bad, paused, instance: "\(instance) paused")
        case "exited", "dead":
            let cause = state.oomKilled ? ", killed for memory" : ""
            return TargetState(
                .badForGood, "\(state.status), exit code \(state.exitCode)\(cause)", instance: instance,
                isDeliberate: !signs(state).isEmpty && signs(state) != [.crashed])
        case "created": return TargetState(.badForGood, "created but never started", instance: instance)
        case "removing": return TargetState(.unknown, "being removed")
        default: return TargetState(.unknown, "in a state that is not known")
        }
    }

    private static func running(_ state: Inspection, _ instance: String) -> TargetState {
        switch state.health {
        case nil, "none", "": TargetState(.good, "running since \(state.startedAt)", instance: instance)
        case "healthy": TargetState(.good, "running and healthy since \(state.startedAt)", instance: instance)
        case "starting": TargetState(.unknown, "running, its first health check is not done", instance: instance)
        case "unhealthy": TargetState(.bad, "running but unhealthy", instance: instance)
        default: TargetState(.unknown, "running with a health that is not known", instance: instance)
        }
    }
}
