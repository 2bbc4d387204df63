// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// What a command talks to: never free text (see `NetworkRules`).
    static let networkTypes: [OperandType] = [
        OperandType("HOST", "a host of the inventory or a probe name") { word, settings throws(Refusal) in
            try settings.network.checkHost(word)
        },
        OperandType("@SERVER", "@ and a host of the inventory") { word, settings throws(Refusal) in
            guard let host = word.after("@") else { throw Refusal("\(Refusal.show(word)) is not @ and a host") }
            try settings.network.checkHost(host)
        },
        OperandType("HOST:PORT", "a host of the inventory and a port") { word, settings throws(Refusal) in
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let port = UInt16(parts[1]), port > 0,
                parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { throw Refusal("\(Refusal.show(word)) is not host:port") }
            try settings.network.checkHost(String(parts[0]))
        },
        OperandType("DNSNAME", "a configured probe name") { word, settings throws(Refusal) in
            try settings.network.checkName(word)
        },
        OperandType("URL", "an address below a configured service", target: .url) { word, settings throws(Refusal) in
            try settings.network.checkService(word)
        },
        OperandType("ACTIONURL", "a configured action's address", target: .url) { word, settings throws(Refusal) in
            try settings.network.checkAction(word)
        },
    ]
}
