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

/// Accepts deliveries that waited elsewhere, in the order in which they came.
package protocol OrderedAlertLog: AlertLog {
    /// Stores deliveries and the jobs that take them in, as accepted in this order (`AlertRecord.report`), in one
    /// transaction.
    ///
    /// Durable (fsynced) when it returns; when it throws, none of them is stored. One that is there already throws
    /// `corrupt`.
    func accept(inOrder deliveries: [Delivery]) async throws(StoreError)
}
