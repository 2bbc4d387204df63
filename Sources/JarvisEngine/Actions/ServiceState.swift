// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Reads the line that looking at a declared service gives.
enum ServiceState {
    private struct Inspection: Decodable {
        let running: Bool
        let pid: Int?
        let startedAt: String?
    }

    /// What a snapshot knows of it; nil where the answer was not understood.
    static func captured(_ output: String) -> [SnapshotField: String]? {
        guard let state = try? JSONDecoder().decode(Inspection.self, from: Data(output.utf8)) else { return nil }
        return [.active: String(state.running), .state: state.running ? "running" : "no process runs"]
    }

    static func read(_ output: String) -> TargetState {
        guard let state = try? JSONDecoder().decode(Inspection.self, from: Data(output.utf8)) else {
            return TargetState(.unknown, "the service's state was not understood")
        }
        guard state.running, let pid = state.pid, let startedAt = state.startedAt else {
            return TargetState(.badForGood, "no process runs")
        }
        return TargetState(.good, "running as pid \(pid)", instance: "\(pid)@\(startedAt)")
    }
}
