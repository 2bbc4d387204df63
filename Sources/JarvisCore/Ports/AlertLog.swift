// SPDX-License-Identifier: Apache-2.0

/// Accepts deliveries durably.
package protocol AlertLog: Sendable {
    /// Stores a delivery and the job that takes it in, in one transaction.
    ///
    /// Durable (fsynced) when it returns. Throws when it is not durable; then nothing of it is stored and the sender
    /// may send it again.
    func accept(_ delivery: Delivery) async throws(StoreError)

    /// A stored delivery; nil when there is none of that id.
    func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery?
}
