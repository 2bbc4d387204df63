// SPDX-License-Identifier: Apache-2.0

/// Everything that is kept, behind one door; its parts are what most of the code asks for.
package typealias Store = OrderedAlertLog & IncidentStore & RestraintStore & AutonomyStore & AuditLog & CredentialStore
    & QueueControl & StoreUpkeep & SnapshotStore
