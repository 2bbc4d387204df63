// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Names of things, each with the grammar that its owner defines.
    static let nameTypes: [OperandType] = [
        OperandType("NAME", "a name of letters, digits, '_', '.' and '-'", where: isName),
        OperandType("USER", "a user's name") { isName($0) && $0.utf8.count <= 32 },
        OperandType("LABELS", "a label selector such as app=web") { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-/=!,", first: "")
        },
        OperandType("FIELDS", "names joined by commas") { word in
            word.utf8.count <= 512 && word.isMade(of: "_,.:=+-%", first: "%+")
        },
        OperandType("RESOURCE", "a kind of resource, or kind/name") { isResource($0) },
        OperandType("INTEGRATION", "letters, digits, '_' and '.'") { $0.isMade(of: "_.", first: "") },
    ]

    /// Targets of actions: what is protected is decided by their kind and name.
    static let targetTypes: [OperandType] = [
        OperandType("CONTAINER", "a container's name", target: .container) { (try? ContainerName($0)) != nil },
        OperandType("IMAGE", "an image's name", target: .image) { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-/:@", first: "") && !word.contains("//")
        },
        OperandType("NETWORK", "a network's name", target: .network, where: isName),
        OperandType("VOLUME", "a volume's name", target: .volume, where: isName),
        OperandType("STACK", "a compose service's name", target: .stack, where: isName),
        OperandType("UNIT", "a systemd unit's name", target: .unit) { isUnit($0) },
        OperandType("ADDON", "an add-on's slug", target: .addon) { word in
            word.utf8.count <= 64 && word.utf8.allSatisfy { isLowerOrDigit($0) || "_-".utf8.contains($0) }
                && word.utf8.first != UInt8(ascii: "-") && !word.isEmpty
        },
        OperandType("INTERFACE", "a network interface's name", target: .interface) { word in
            word.utf8.count <= 15 && word.isMade(of: "_.-", first: "")
        },
        OperandType("WORKLOAD", "a workload such as deploy/web, or a name", target: .workload) { isResource($0) },
        OperandType("PID", "a process number above 1", target: .process) { word in
            Int(word).map { $0 > 1 && $0 <= 4_194_304 } == true && word.utf8.first != UInt8(ascii: "+")
        },
        OperandType("CERTIFICATE", "a certificate's name", target: .certificate) { word in
            word.utf8.count <= 253 && word.isMade(of: ".-", first: "")
        },
    ]

    /// Letters, digits and `rest`, beginning with a letter, a digit or one of `first`.
    private static func isName(_ word: String) -> Bool { word.utf8.count <= 128 && word.isMade(of: "_.-", first: "_") }

    private static func isResource(_ word: String) -> Bool {
        word.utf8.count <= 253 && word.isMade(of: "-./,", first: "")
            && word.utf8.count(where: { $0 == UInt8(ascii: "/") }) <= 1
    }

    /// With or without its suffix, as `systemctl` completes it; no path, no escapes, no patterns.
    private static func isUnit(_ word: String) -> Bool {
        word.utf8.count <= 255 && word.isMade(of: ":_.@-", first: "")
    }
}

extension String {
    /// Letters, digits and bytes of `rest`, beginning with a letter, a digit or a byte of `first`; not empty.
    func isMade(of rest: StaticString, first: StaticString) -> Bool {
        var isFirst = true
        for byte in utf8 {
            guard isASCIILetterOrDigit(byte) || (isFirst ? first : rest).holds(byte) else { return false }
            isFirst = false
        }
        return !isFirst
    }
}

extension StaticString {
    fileprivate func holds(_ byte: UInt8) -> Bool {
        for offset in 0..<utf8CodeUnitCount where utf8Start[offset] == byte { return true }
        return false
    }
}
