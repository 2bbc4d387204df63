// SPDX-License-Identifier: Apache-2.0

/// What commands may talk to: reading leaks, and so does asking.
package struct NetworkRules: Sendable {
    /// An IPv4 network.
    package struct Network: Sendable, Equatable {
        let base: UInt32
        let mask: UInt32

        /// Reads `192.168.0.0/24`; nil for everything else.
        package init?(_ text: some StringProtocol) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let address = NetworkRules.address(parts[0]), let bits = Int(parts[1]),
                (8...32).contains(bits), parts[1].utf8.count <= 2
            else { return nil }
            mask = UInt32.max << UInt32(32 - bits)
            base = address & mask
            guard base == address else { return nil }
        }
    }

    /// Addresses and names of hosts.
    package var hosts: Set<String> = []
    /// Networks whose every address counts as a host.
    package var networks: [Network] = []
    /// Names that may be looked up; `*.example.org` stands for one further label of letters.
    package var probeNames: Set<String> = []
    /// Beginnings of addresses that may be fetched, such as `http://127.0.0.1:9090/`.
    package var services: [String] = []
    /// Whole addresses that may be posted to; such a post always asks a person first.
    package var actions: Set<String> = []

    /// Nothing may be asked.
    package init() {}

    func checkHost(_ word: String) throws(Refusal) {
        if hosts.contains(word) { return }
        if let address = Self.address(word), networks.contains(where: { address & $0.mask == $0.base }) { return }
        if isProbeName(word) || services.contains(where: { Self.host(of: $0) == word }) { return }
        throw Refusal("\(Refusal.show(word)) is no host of the inventory, no configured service and no probe name")
    }

    func checkName(_ word: String) throws(Refusal) {
        // A trailing dot only says that the name is complete.
        let name = word.utf8.last == UInt8(ascii: ".") ? String(word.dropLast()) : word
        if isProbeName(name) || hosts.contains(name) || services.contains(where: { Self.host(of: $0) == name }) {
            return
        }
        if let address = Self.address(name), networks.contains(where: { address & $0.mask == $0.base }) { return }
        throw Refusal("\(Refusal.show(word)) is no configured probe name")
    }

    func checkService(_ word: String) throws(Refusal) {
        guard Self.isPlainURL(word), services.contains(where: { Self.covers($0, word) }) else {
            throw Refusal("\(Refusal.show(word)) is not below a configured service's address")
        }
        try checkQuery(word)
    }

    func checkAction(_ word: String) throws(Refusal) {
        guard Self.isPlainURL(word), actions.contains(word) else {
            throw Refusal("\(Refusal.show(word)) is not a configured action's address")
        }
    }

    private func isProbeName(_ name: String) -> Bool {
        if probeNames.contains(name), !name.contains("*") { return true }
        guard let dot = name.firstIndex(of: ".") else { return false }
        let label = name[..<dot].utf8
        // Short and of letters: a label is not a way out for data.
        return (1...24).contains(label.count) && label.allSatisfy { isLowerOrDigit($0) && !($0 < 0x3A) }
            && probeNames.contains("*" + name[dot...])
    }

    /// Every address below `entry`, on the same scheme, host and port.
    private static func covers(_ entry: String, _ url: String) -> Bool {
        if entry == url { return true }
        if entry.utf8.last == UInt8(ascii: "/") {
            return url.utf8.starts(with: entry.utf8) || (url + "/").utf8.elementsEqual(entry.utf8)
        }
        guard url.utf8.starts(with: entry.utf8) else { return false }
        return "/?".utf8.contains(url.utf8.dropFirst(entry.utf8.count).first ?? 0)
    }

    /// http or https, no user, no fragment, no escapes or dot segments in the path, printable.
    private static func isPlainURL(_ word: String) -> Bool {
        guard word.utf8.count <= 1024, let rest = word.after("http://") ?? word.after("https://") else { return false }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, authority.utf8.allSatisfy({ isASCIILetterOrDigit($0) || ".-:".utf8.contains($0) })
        else { return false }
        let tail = rest.dropFirst(authority.count)
        return tail.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\\#<>^`|@[]{}".utf8.contains($0) }
            && isPlainPath(tail.prefix { $0 != "?" })
    }

    /// No way up, and no place where a GET does something or tells too much.
    private static func isPlainPath(_ path: Substring) -> Bool {
        // Some clients resolve `%2e%2e` as `..`.
        guard !path.contains("%") else { return false }
        let segments = path.split(separator: "/")
        // There Loki and the exporters print their whole configuration.
        return segments != ["config"]
            && segments.allSatisfy { segment in
                segment != "." && segment != ".." && !activeSegments.contains(segment.lowercased())
            }
    }

    /// Webhooks start workflows; the others end or empty services, dump their memory, or ask another service.
    private static let activeSegments: Set<String> = [
        "webhook", "webhook-test", "webhook-waiting", "quit", "quitquitquit", "shutdown", "restart", "reboot", "stop",
        "delete", "remove", "logout", "flush", "pprof", "call_service", "prepare_shutdown", "proxy",
    ]

    /// A service that is asked may ask others in turn (`/probe?target=`, redirectors): those must be known as well.
    private func checkQuery(_ url: String) throws(Refusal) {
        guard let mark = url.firstIndex(of: "?") else { return }
        for item in url[url.index(after: mark)...].split(whereSeparator: { $0 == "&" || $0 == ";" }) {
            let name = item.prefix { $0 != "=" }
            let value = String(item.dropFirst(name.count + 1))
            let plain = value.lowercased()
            let isAddress = ["//", "%2f%2f", "%2f/", "/%2f", "%5c", "%3a/", "%3a%2f"].contains { plain.contains($0) }
            let isNamed = name.contains("%") || Self.addressParameters.contains(name.lowercased())
            guard isAddress || isNamed else { continue }
            let host = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if host.count == 2, let port = host.last, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                try checkHost(String(host[0]))
            } else if value.hasPrefix("http") {
                try checkService(value)
            } else {
                try checkHost(value)
            }
        }
    }

    private static let addressParameters: Set<String> = [
        "target", "host", "hostname", "url", "uri", "address", "addr", "server", "redirect", "redirect_uri", "next",
        "dest", "destination", "callback", "proxy",
    ]

    private static func host(of url: String) -> String? {
        guard let rest = url.after("http://") ?? url.after("https://") else { return nil }
        return String(rest.prefix { $0 != "/" && $0 != ":" })
    }

    /// Four decimal numbers without leading zeros.
    static func address(_ text: some StringProtocol) -> UInt32? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != 0x30 else { return nil }
            var number: UInt32 = 0
            for digit in part {
                guard (0x30...0x39).contains(digit) else { return nil }
                number = number * 10 + UInt32(digit - 0x30)
            }
            guard number <= 255 else { return nil }
            address = address << 8 | number
        }
        return address
    }
}
