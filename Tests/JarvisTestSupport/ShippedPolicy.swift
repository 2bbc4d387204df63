// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// The product's own policy, compiled once for all tests of a process.
package enum ShippedPolicy {
    private static let result = Result { () throws(GrammarFault) in try Policy.shipped() }

    /// The policy; throws the fault of a table.
    package static func get() throws -> Policy { try result.get() }
}
