// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Turns what a store and the engine say into answers.
enum StoredAnswer {
    /// The incident that the path names; 404 where there is none.
    static func incident(_ parameters: PathParameters, in store: any IncidentStore) async throws -> Incident {
        guard let text = parameters["id"], let id = IncidentID(text), let incident = try await store.incident(id) else {
            throw HTTPRejection(.notFound, "there is no incident of this id")
        }
        return incident
    }

    /// The incident after a person's word about it; 409 with the reason where that can't be taken.
    static func recording(
        at now: () -> Date, _ body: () async throws -> Incident
    ) async throws -> HTTPServerResponse {
        do {
            return .json(try JSONBody.encode(IncidentView(try await body(), at: now())))
        } catch let error as StoreError {
            return try await of { () async throws(StoreError) in throw error }
        } catch let error as any CustomStringConvertible & Error {
            throw HTTPRejection(.conflict, error.description)
        }
    }

    /// What `body` gives; a store that can't be used now is 503, so that the caller tries again.
    static func of<Value>(_ body: () async throws(StoreError) -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw HTTPRejection(
                .serviceUnavailable,
                error.isRetryable ? "not stored; try again" : "the store is at fault; look at the log",
                headers: ["Retry-After": "5"])
        }
    }
}
