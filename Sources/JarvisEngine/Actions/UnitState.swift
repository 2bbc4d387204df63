// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Reads the lines that `JudgedCommand.showUnit` makes systemd print.
enum UnitState {
    static func read(_ output: String) -> TargetState {
        let lines = lines(output)
        var seen = read(lines)
        let isWaiting = lines["ActiveState"] == "activating" && lines["SubState"] == "auto-restart"
        seen.isRestartedByItself = lines["NRestarts"].flatMap { Int($0) }.map { $0 > 0 || isWaiting }
        return seen
    }

    /// What the state says of somebody's intention.
    static func signs(_ output: String) -> [RestraintSign] {
        let lines = lines(output)
        switch lines["ActiveState"] {
        case "inactive": return [.inactiveUnit]
        case "failed": return [.failedUnit]
        case "activating" where lines["SubState"] == "auto-restart": return [.healsItself]
        default: return []
        }
    }

    /// What a snapshot knows of it; nil where the answer was not understood or the unit is between two states.
    static func captured(_ output: String) -> [SnapshotField: String]? {
        let lines = lines(output)
        guard lines["LoadState"] == "loaded", let active = lines["ActiveState"] else { return nil }
        let isActive: Bool
        switch active {
        case "active", "reloading": isActive = true
        // Also while systemd waits to start it again, which is how a unit looks that keeps failing.
        case "inactive", "failed": isActive = false
        case "activating" where lines["SubState"] == "auto-restart": isActive = false
        default: return nil
        }
        return [.active: String(isActive), .state: "\(active) (\(lines["SubState"] ?? "?"))"]
    }

    private static func lines(_ output: String) -> [Substring: Substring] {
        var fields: [Substring: Substring] = [:]
        for line in output.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            fields[line[..<equals]] = line[line.index(after: equals)...]
        }
        return fields
    }

    private static func read(_ fields: [Substring: Substring]) -> TargetState {
        guard let load = fields["LoadState"], let active = fields["ActiveState"], let sub = fields["SubState"] else {
            return TargetState(.unknown, "systemd's answer was not understood")
        }
        guard load == "loaded" else { return TargetState(.unknown, "the unit is not loaded (\(load))") }
        let instance = fields["InvocationID"].flatMap { $0.isEmpty ? nil : String($0) }
        let result = fields["Result"] ?? "unknown"
        switch active {
        case "active" where sub == "exited" && fields["Type"] != "oneshot":
            // Its process has ended, which only what does its work once is meant to.
            return TargetState(.unknown, "active (exited), and not of a kind that ends by itself", instance: instance)
        case "active": return TargetState(.good, "active (\(sub))", instance: instance)
        case "failed": return TargetState(.badForGood, "failed, result \(result)", instance: instance)
        case "inactive":
            return TargetState(.badForGood, "inactive, result \(result)", instance: instance, isDeliberate: true)
        case "activating" where sub == "auto-restart":
            return TargetState(.bad, "waiting to be restarted by systemd, result \(result)", instance: instance)
        default: return TargetState(.unknown, "\(active) (\(sub))", instance: instance)
        }
    }
}
