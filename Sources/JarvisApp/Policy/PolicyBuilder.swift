// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import JarvisCore

/// Puts together what commands are judged by: the product's tables, the inventory, and the operator's policy file.
package enum PolicyBuilder {
    /// The policy of a configuration.
    ///
    /// The inventory's hosts and the addresses it is asked at become operands that may be talked to; with any host
    /// configured, other private addresses no longer are. Throws the fault of a table or of the operator's file: then
    /// nothing may be observed or done.
    package static func policy(for configuration: Configuration, file: (name: String, text: String)?)
        throws(GrammarFault) -> Policy
    {
        let shipped = try Policy.shipped()
        let remote = configuration.inventory.hosts.values.filter { $0.name != .local }
        var settings = remote.isEmpty ? shipped.settings : try PolicySettings.shipped()
        for host in configuration.inventory.hosts.values { add(host, to: &settings) }
        if let prometheus = configuration.prometheus { settings.network.services.append(prometheus.url + "/") }
        let policy = shipped.with(settings)
        guard let file else { return policy }
        return try policy.reading(file.text, name: file.name)
    }

    private static func add(_ host: Host, to settings: inout PolicySettings) {
        settings.network.hosts.insert(host.name.text)
        if case .ssh(let endpoint) = host.connection { settings.network.hosts.insert(endpoint.address) }
        for probe in host.targets.flatMap(\.probes) {
            switch probe {
            case .http(let url, _, _, _): settings.network.services.append(url)
            case .tcp(let address, _): settings.network.hosts.insert(address)
            }
        }
    }
}
