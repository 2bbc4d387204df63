// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisHTTP
import Testing

@Suite struct RestraintRoutesTests {
    private func place(_ api: APIFixture, _ body: String, as who: APIFixture.Who = .person) async throws
        -> HTTPServerResponse
    {
        try await api.ask(.post, "/api/v1/restraint/holds", as: who, body: body)
    }

    @Test func `a pause is placed, shown and lifted by a person`() async throws {
        let api = try APIFixture()
        #expect(try await place(api, #"{"mode":"pause","reason":"holiday"}"#).status == .ok)
        let shown = try await api.ask(.get, "/api/v1/restraint", as: .person)
        #expect(shown.text.contains("holiday") && shown.text.contains("ada"))
        #expect(
            try await api.ask(.post, "/api/v1/restraint/lift", as: .person, body: #"{"mode":"pause"}"#).status == .ok)
        let again = try await api.ask(.post, "/api/v1/restraint/lift", as: .person, body: #"{"mode":"pause"}"#)
        #expect(again.status == .conflict)
    }

    @Test func `a shorter hold does not end a longer one`() async throws {
        let api = try APIFixture()
        #expect(try await place(api, #"{"mode":"pause"}"#).status == .ok)
        let shorter = try await place(api, #"{"mode":"pause","seconds":600}"#)
        #expect(shorter.status == .conflict && shorter.text.contains("lift it first"))
        // Another host or another mode is another hold, and a longer one replaces.
        #expect(try await place(api, #"{"mode":"pause","host":"nexus","seconds":600}"#).status == .ok)
        #expect(try await place(api, #"{"mode":"pause","host":"nexus","seconds":60}"#).status == .conflict)
        #expect(try await place(api, #"{"mode":"pause","host":"nexus","seconds":900}"#).status == .ok)
        #expect(try await place(api, #"{"mode":"dryRun","seconds":600}"#).status == .ok)
    }

    @Test(arguments: [
        #"{"mode":"pause","host":"elsewhere"}"#, #"{"mode":"pause","seconds":1}"#, #"{"mode":"stop"}"#, "[]", "",
    ])
    func `what can't be a hold is refused`(_ body: String) async throws {
        #expect(try await place(try APIFixture(), body).status == .badRequest)
    }

    @Test func `a sender of alerts may not hold or lift anything`() async throws {
        let api = try APIFixture()
        for who in [APIFixture.Who.token, .password, .nobody] {
            #expect(try await place(api, #"{"mode":"pause"}"#, as: who).status == .unauthorized)
            #expect(try await api.ask(.post, "/api/v1/restraint/lift", as: who, body: "{}").status == .unauthorized)
        }
    }
}
