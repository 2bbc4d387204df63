// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// The inventory with the places its parts were declared at.
struct LocatedInventory {
    let inventory: Inventory
    /// All declared names, also those of hosts that had faults.
    let hostNames: Set<String>
}

/// Reads `hosts` and checks them against each other.
struct InventoryReader {
    let context: ReadingContext

    func read(_ root: SectionReader) -> LocatedInventory {
        var claims = Claims(collector: context.collector)
        var hosts: [Host] = []
        for (node, path) in root.items("hosts") {
            guard let section = SectionReader(node, path: path, collector: context.collector) else { continue }
            if let host = HostReader(context: context, section: section).read(&claims) { hosts.append(host) }
        }
        if !hosts.contains(where: { $0.name == .local }) { hosts.append(Host(name: .local, connection: .local)) }
        return LocatedInventory(inventory: Inventory(hosts), hostNames: claims.hostNames.union([HostName.local.text]))
    }
}

/// Remembers what has been claimed where, and reports what is claimed twice with both places.
struct Claims {
    let collector: FaultCollector
    private(set) var hostNames: Set<String> = []
    private var places: [String: (owner: String, origin: YAMLNode.Origin)] = [:]

    init(collector: FaultCollector) { self.collector = collector }

    mutating func host(_ name: HostName, at origin: YAMLNode.Origin, path: String) {
        hostNames.insert(name.text)
        claim("host \(name)", as: "host '\(name)' is declared twice", by: name.text, at: origin, path: path)
    }

    /// Two local hosts would be two names for one machine, and limits per host would count it twice.
    mutating func localMachine(_ name: HostName, at origin: YAMLNode.Origin, path: String) {
        claim("local", as: "a second host on the machine Jarvis runs on", by: name.text, at: origin, path: path)
    }

    /// The same for two hosts that are reached at one place.
    mutating func endpoint(_ endpoint: SSHEndpoint, of name: HostName, at origin: YAMLNode.Origin, path: String) {
        let place = "\(endpoint.address.lowercased()):\(endpoint.port)"
        if places["endpoint \(place)"]?.owner == name.text { return }
        claim(
            "endpoint \(place)",
            as: "another host is reached at \(place) already, and limits per host would count it twice",
            by: name.text, at: origin, path: path)
    }

    mutating func target(_ target: Target, at origin: YAMLNode.Origin, path: String) {
        claim("target \(target)", as: "\(target) is declared twice", by: target.host.text, at: origin, path: path)
    }

    /// A value may be repeated within its host, but means no host when two hosts claim it.
    mutating func label(_ label: String, _ value: String, of host: HostName, at origin: YAMLNode.Origin, path: String) {
        let key = "label \(label)\u{0}\(value)"
        if places[key]?.owner == host.text { return }
        let shown = UntrustedText(value).display(limit: 60)
        let owner = places[key]?.owner ?? ""
        claim(key, as: "the value '\(shown)' means host '\(owner)' already", by: host.text, at: origin, path: path)
    }

    private mutating func claim(
        _ key: String, as message: String, by owner: String, at origin: YAMLNode.Origin, path: String
    ) {
        guard let first = places[key] else {
            places[key] = (owner, origin)
            return
        }
        collector.fault("\(message); see \(collector.reference(first.origin))", at: origin, path: path)
    }
}
