// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import FoundationEssentials
package import JarvisCore

/// The canary as part of the inventory: an ordinary declared service on the local host.
package enum DrillCanary {
    /// Its name.
    package static let name = "jarvis-drill-canary"
    /// The target that the drill's alert is about.
    package static let target = Target(host: .local, kind: .service, name: name)

    /// The declaration; nil when `executable` is not an absolute path.
    package static func declaration(executable: String, port: Int) -> DeclaredTarget? {
        guard let serviceName = try? ServiceName(name),
            let service = DeclaredService(
                name: serviceName, argv: [executable, "canary", "--port", String(port)])
        else { return nil }
        return DeclaredTarget(
            kind: .service, name: name,
            probes: [.http(url: "http://127.0.0.1:\(port)/", contains: "canary", echoesNonce: true)], service: service)
    }

    /// The only thing that may be repaired without asking on day one.
    package static let autonomy = AutonomyPolicy.Rule(level: .auto, maximumClass: .bounded, target: target)

    /// The labels of the alert of one drill: what a monitoring system would send for a service that is down.
    ///
    /// Each has an instance of its own: that the next drill breaks the canary again says nothing of the last repair.
    package static func labels(at begin: Date) -> [String: String] {
        [
            "alertname": "ServiceDown", "service": name, "remediation_host": HostName.local.text,
            "severity": "warning", "instance": "drill at \(RFC3339.format(begin))",
        ]
    }
}
