// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisCore

/// The key that snapshots are sealed with: `snapshot.key` in the data directory.
///
/// Instances that share a database each have their own unless the file is copied; what one has sealed only it can open.
struct SnapshotKey: SnapshotSealing {
    static let name = "snapshot.key"
    private static let document = "docs/UNDO.md"

    private let box: SealedBox

    /// Makes the key on first use.
    init(in directory: String) throws {
        let key = try KeySeed.read(Self.name, in: directory, makingIt: true, document: Self.document)
        guard let box = SealedBox(key: key) else {
            throw KeySeed.damaged(Self.name, in: directory, document: Self.document)
        }
        self.box = box
    }

    func seal(_ snapshot: Snapshot) throws(SnapshotFault) -> SealedSnapshot {
        guard let state = try? JSONEncoder().encode(snapshot.state) else {
            throw SnapshotFault("the snapshot could not be encoded")
        }
        let sealed = box.seal(
            Array(state), context: Self.context(snapshot.intent, snapshot.incident, snapshot.target, snapshot.takenAt))
        return SealedSnapshot(
            intent: snapshot.intent, incident: snapshot.incident, target: snapshot.target, takenAt: snapshot.takenAt,
            sealed: Data(sealed))
    }

    func open(_ sealed: SealedSnapshot) throws(SnapshotFault) -> Snapshot {
        let context = Self.context(sealed.intent, sealed.incident, sealed.target, sealed.takenAt)
        guard let state = box.open(Array(sealed.sealed), context: context) else {
            throw SnapshotFault(
                "the snapshot of before step \(sealed.intent) can't be opened with this instance's \(Self.name): another "
                    + "instance sealed it, or it was changed; see \(Self.document)")
        }
        guard let state = try? JSONDecoder().decode(CapturedState.self, from: Data(state)) else {
            throw SnapshotFault("the snapshot of before step \(sealed.intent) was made by a newer version")
        }
        return Snapshot(
            intent: sealed.intent, incident: sealed.incident, target: sealed.target, takenAt: sealed.takenAt,
            state: state)
    }

    /// What a snapshot is of; lengths in front, so that no two give the same text.
    private static func context(
        _ intent: IntentID, _ incident: IncidentID, _ target: Target, _ takenAt: Date
    ) -> [UInt8] {
        let time = (takenAt.timeIntervalSince1970 * 1_000_000).rounded()
        let parts = [
            "jarvis snapshot 1", intent.description, incident.description, target.host.text, target.kind.rawValue,
            target.name, "\(time)",
        ]
        return Array(parts.map { "\($0.utf8.count):\($0)" }.joined(separator: ",").utf8)
    }
}
