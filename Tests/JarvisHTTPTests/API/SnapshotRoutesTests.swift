// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Synchronization
import Testing

@Suite struct SnapshotRoutesTests {
    /// An API with incident 1 and a snapshot of before its step.
    private static func api(
        undo: @escaping SnapshotRoutes.Undo = { _, _ in throw APIFixture.Refusal() }
    ) async throws -> (APIFixture, Snapshot) {
        let api = try APIFixture(undo: undo)
        let snapshot = Snapshot(
            intent: StoreSamples.id(1), incident: StoreSamples.incidentID(1), target: StoreSamples.target(),
            takenAt: StoreSamples.start,
            state: CapturedState([.running: "false", .state: "exited", .lastLines: "good\nbye"]))
        var change = StoreChange(incident: StoreSamples.incident(1))
        change.intent = StoreSamples.intent(1)
        change.snapshot = try OpenSealing().seal(snapshot)
        try await api.store.commit(change)
        return (api, snapshot)
    }

    @Test func `a list leaves long texts out, and one snapshot has them`() async throws {
        let (api, snapshot) = try await Self.api()
        for query in ["", "?incident=\(snapshot.incident)&limit=1"] {
            let answer = try await api.ask(.get, "/api/v1/snapshots" + query, as: .person)
            let views = try JSONBody.decode([SnapshotView].self, from: answer.body)
            #expect(views.map(\.id) == [snapshot.intent])
            #expect(views.first?.fields == ["running": "false", "state": "exited"])
        }
        let other = try await api.ask(.get, "/api/v1/snapshots?incident=\(StoreSamples.incidentID(2))", as: .person)
        #expect(other.text == "[]")
        let one = try await api.ask(.get, "/api/v1/snapshots/\(snapshot.intent)", as: .person)
        let view = try JSONBody.decode(SnapshotView.self, from: one.body)
        #expect(view.fields["lastLines"] == "good\nbye" && view.fault == nil)
    }

    @Test func `one that can't be opened says so and shows nothing`() async throws {
        let (api, snapshot) = try await Self.api()
        var change = StoreChange()
        change.incident = StoreSamples.incident(1)
        change.incident?.version = 2
        change.intent = StoreSamples.intent(2)
        change.snapshot = StoreSamples.snapshot(2)
        try await api.store.commit(change)
        let answer = try await api.ask(.get, "/api/v1/snapshots?incident=\(snapshot.incident)", as: .person)
        let views = try JSONBody.decode([SnapshotView].self, from: answer.body)
        #expect(views.count == 2 && views.first?.fault != nil && views.first?.fields == [:])
    }

    @Test func `an undo names its person, and a refusal its reason`() async throws {
        let people = Mutex<[String]>([])
        let (api, snapshot) = try await Self.api { _, person in
            people.withLock { $0.append(person) }
            return StoreSamples.incident(1)
        }
        let path = "/api/v1/incidents/\(snapshot.incident)/undo"
        #expect(try await api.ask(.post, path, as: .person).status == .ok)
        #expect(people.withLock { $0 } == ["ada"])
        let (refusing, _) = try await Self.api()
        let refused = try await refusing.ask(.post, path, as: .person)
        #expect(refused.status == .conflict && refused.text.contains("nothing waits"))
    }

    @Test func `who may not, what is malformed and what is not there is told`() async throws {
        let (api, snapshot) = try await Self.api()
        for who in [APIFixture.Who.token, .password, .nobody] {
            let undo = try await api.ask(.post, "/api/v1/incidents/\(snapshot.incident)/undo", as: who)
            #expect(undo.status == .unauthorized)
            #expect(try await api.ask(.get, "/api/v1/snapshots", as: who).status == .unauthorized)
            let one = try await api.ask(.get, "/api/v1/snapshots/\(snapshot.intent)", as: who)
            #expect(one.status == .unauthorized)
        }
        for query in ["incident=x", "limit=0", "limit=201", "limit=x"] {
            #expect(try await api.ask(.get, "/api/v1/snapshots?\(query)", as: .person).status == .badRequest)
        }
        for path in ["snapshots/x", "snapshots/\(StoreSamples.id(9) as IntentID)"] {
            #expect(try await api.ask(.get, "/api/v1/\(path)", as: .person).status == .notFound)
        }
        let gone = "/api/v1/incidents/\(StoreSamples.incidentID(2))/undo"
        #expect(try await api.ask(.post, gone, as: .person).status == .notFound)
    }
}
