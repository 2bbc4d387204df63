// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Keeps what credentials are checked against.
///
/// The store knows no secret, only digests.
package protocol CredentialStore: Sendable {
    /// The digest saved under a name; nil when there is none.
    func credential(_ name: String) async throws(StoreError) -> String?

    /// Saves digests under their names, all of them or, where one of the names has one already, none.
    ///
    /// Durable when it returns; returns whether they were saved. Of several instances that save at once, one is told
    /// that they were.
    func saveCredentials(_ digests: [String: String], at time: Date) async throws(StoreError) -> Bool
}
