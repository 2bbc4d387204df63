// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import FoundationEssentials
package import JarvisCore

/// A delivery as the tables hold it, with the job that takes it in.
package struct StoredDelivery: Sendable {
    /// Its id.
    package let id: String
    /// When it came.
    package let receivedAt: Int64
    /// What was understood of it.
    package let json: String
    /// What was not, each with its place; they have rows of their own, so that they can be listed.
    package let rejected: [(position: Int, json: String)]
    /// The work that follows.
    package let job: NewJob

    /// Encodes a delivery.
    package init(_ delivery: Delivery) throws(StoreError) {
        id = delivery.id.description
        receivedAt = StoredTime.microseconds(delivery.receivedAt)
        json = try DeliveryText.text(delivery)
        var rejected: [(Int, String)] = []
        for alert in delivery.rejected {
            rejected.append((alert.index, try StoredJSON.text(alert, of: "rejected alert of \(delivery.id)")))
        }
        self.rejected = rejected
        job = try NewJob(delivery.intake)
    }

    /// Puts a delivery together again.
    package static func value(_ id: DeliveryID, json: String, rejected: [String]) throws(StoreError) -> Delivery {
        let found = try DeliveryText.delivery(json, id)
        return Delivery(
            id: found.id, receivedAt: found.receivedAt, source: found.source, alerts: found.alerts,
            rejected: try rejected.map { text throws(StoreError) in
                try StoredJSON.value(Delivery.Rejected.self, text, of: "rejected alert of \(id)")
            })
    }

    /// The delivery that an intake job asks for.
    package static func id(ofIntake payload: String) throws(StoreError) -> DeliveryID {
        do {
            if case .intake(let delivery) = try JobRequest.Work(payload: payload) { return delivery }
        } catch {
            throw .corrupt(what: "an intake job: \(error)")
        }
        throw .corrupt(what: "an intake job that asks for something else")
    }
}
