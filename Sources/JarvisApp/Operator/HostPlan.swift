// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
package import JarvisHosts

/// What would be done on a host, shown before it is done.
package struct HostPlan: Sendable {
    /// The host.
    package let host: Host
    /// Where and as whom Jarvis logs in there.
    package let endpoint: SSHEndpoint
    /// What stands there afterwards.
    package let setup: HostSetup
    /// The scripts, in the order in which they run there as root.
    package let scripts: [HostSetupScript]
    /// What happens, a sentence each.
    package let steps: [String]
    /// The files that are written there, by path; long ones as they will be.
    package let files: [(path: String, content: String)]
    /// What the operator should know besides.
    package let notes: [String]
}
