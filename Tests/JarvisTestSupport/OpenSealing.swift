// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Seals nothing, for tests that are not about the key.
package struct OpenSealing: SnapshotSealing {
    package init() {}

    package func seal(_ snapshot: Snapshot) throws(SnapshotFault) -> SealedSnapshot {
        do {
            return SealedSnapshot(
                intent: snapshot.intent, incident: snapshot.incident, target: snapshot.target,
                takenAt: snapshot.takenAt, sealed: try JSONEncoder().encode(snapshot.state))
        } catch {
            throw SnapshotFault("\(error)")
        }
    }

    package func open(_ sealed: SealedSnapshot) throws(SnapshotFault) -> Snapshot {
        do {
            return Snapshot(
                intent: sealed.intent, incident: sealed.incident, target: sealed.target, takenAt: sealed.takenAt,
                state: try JSONDecoder().decode(CapturedState.self, from: sealed.sealed))
        } catch {
            throw SnapshotFault("\(error)")
        }
    }
}
