// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// What network tools, web servers, databases and brokers take.
    static let serviceTypes: [OperandType] = [
        OperandType("IPADDRESS", "an IPv4 or IPv6 address or network") { isNetwork($0) },
        // Of which a firewall may keep out exactly one; never a network, never this host.
        OperandType("ONEADDRESS", "one IPv4 address of another host") { word in
            guard let address = NetworkRules.address(word) else { return false }
            return ![0, 127, 255].contains(address >> 24)
        },
        OperandType("SOCKETFILTER", "a filter of ss(8) such as 'state established' or 'dport = :443'") {
            isSocketFilter($0)
        },
        OperandType("INTERVAL", "seconds from 0.2 to 60") { word in
            word.utf8.count <= 5 && word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
                && Double(word).map { $0 >= 0.2 && $0 <= 60 } == true
        },
        OperandType("PACKETSIZE", "bytes from 0 to 9000") { word in
            (1...4).contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && Int(word).map { $0 <= 9000 } == true
        },
        OperandType("CONNECTION", "a connection's name", target: .interface) { word in
            word.utf8.count <= 64 && word.isMade(of: "_.- ", first: "")
        },
        OperandType("RECORDTYPE", "a type of DNS record such as MX") { recordTypes.contains($0.uppercased()) },
        // Only spelt, not asked for: of what lies in a cache or a list on this host.
        // Not TIME: kingpin would take "@name" for a file of words.
        OperandType("RFCTIME", "a time such as 2026-01-31T12:00:00Z, or seconds since 1970") { word in
            word.utf8.count <= 32 && word.utf8.first.map { (0x30...0x39).contains($0) } == true
                && word.utf8.allSatisfy { (0x30...0x39).contains($0) || ":.+-TZ".utf8.contains($0) }
        },
        OperandType("CACHEDNAME", "a domain name") { word in
            word.utf8.count <= 253 && word.isMade(of: "-._", first: "_*") && !word.contains("..")
        },
        OperandType("WRITEOUT", "an output format of curl that only names numbers") { isWriteOut($0) },
        OperandType("HEADER", "a harmless request header") { word, settings throws(Refusal) in
            if let host = word.after("Host: ") { return try settings.network.checkHost(host) }
            guard harmlessHeaders.contains(word) else {
                throw Refusal("\(Refusal.show(word)) is not a harmless request header")
            }
        },
        OperandType("QUERYDATA", "a query parameter such as query=up") { word in
            guard let equals = word.firstIndex(of: "=") else { return false }
            let value = word[word.index(after: equals)...]
            // With a '=' in it curl never takes the text behind a '@' for a file's name.
            return word.utf8.count <= 600 && queryParameters.contains(String(word[..<equals]))
                && value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "@") }
        },
        // What does not belong there would be printed in the message about it.
        OperandType("CADDYFILE", "a Caddyfile or caddy.json in /etc/caddy", target: .path) { word in
            guard isFile(word, below: ["/etc/caddy/"]), let name = word.split(separator: "/").last else { return false }
            return name.hasPrefix("Caddyfile") || name.hasSuffix(".caddyfile") || name.hasSuffix(".caddy")
                || name == "caddy.json"
        },
        OperandType("HAPROXYFILE", "a configuration in /etc/haproxy", target: .path) {
            isFile($0, below: ["/etc/haproxy/", "/usr/local/etc/haproxy/"])
        },
        OperandType("PROMETHEUSFILE", "a configuration or rule file of Prometheus", target: .path) {
            isFile($0, below: ["/etc/prometheus/", "/etc/alertmanager/", "/opt/stacks/"])
                && ($0.hasSuffix(".yml") || $0.hasSuffix(".yaml") || $0.hasSuffix(".rules"))
        },
        // As `wg-quick strip` prints it, written there by an administrator.
        OperandType("STRIPPEDFILE", "a stripped configuration in /etc/wireguard", target: .path) {
            isFile($0, below: ["/etc/wireguard/"]) && $0.hasSuffix(".stripped")
        },
        // Used to prove who asks, never printed.
        OperandType("PKIFILE", "a certificate or key of etcd") {
            isFile($0, below: ["/etc/kubernetes/pki/", "/var/lib/rancher/k3s/server/tls/", "/etc/etcd/"])
        },
        OperandType("ENDPOINTS", "hosts of the inventory with their ports") { word, settings throws(Refusal) in
            for entry in word.split(separator: ",", omittingEmptySubsequences: false) {
                let parts = (entry.after("https://") ?? entry.after("http://") ?? String(entry)).split(
                    separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 2, (1...5).contains(parts[1].utf8.count),
                    parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
                else { throw Refusal("\(Refusal.show(entry)) is not host:port") }
                try settings.network.checkHost(String(parts[0]))
            }
        },
        OperandType("DATABASE", "a database's name", target: .database) { word in
            word.utf8.count <= 63 && word.isMade(of: "_-", first: "_")
        },
        OperandType("META", "a command of psql that lists") { psqlLists.contains($0) },
        OperandType("SETTING", "a setting of Redis that is no password") { redisSettings.contains($0.lowercased()) },
        OperandType("EVICTION", "a policy of Redis for what is evicted") { word in
            let parts = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            return word == "noeviction"
                || (parts.count == 2 && ["allkeys", "volatile"].contains(parts[0])
                    && ["lru", "lfu", "random", "ttl"].contains(parts[1]) && word != "allkeys-ttl")
        },
        OperandType("PINGS", "a number from 1 to 100") { word in
            (1...3).contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && Int(word).map { (1...100).contains($0) } == true
        },
        OperandType("MONGOREAD", "a call of mongosh that reads the server's own numbers") { isMongoRead($0) },
        OperandType("KEY", "a key") { word in word.utf8.count <= 200 && word.isMade(of: "_-.:/{}", first: "{_") },
        OperandType("VHOST", "a virtual host") { word in
            word.utf8.count <= 64 && word.isMade(of: "_-./", first: "/")
        },
        // Wildcards only below a first level, so that a stranger's messages stay out.
        OperandType("TOPICFILTER", "a topic, or a filter below one") { word in
            let levels = word.split(separator: "/", omittingEmptySubsequences: false)
            guard word.utf8.count <= 256, let first = levels.first, first != "homeassistant" else { return false }
            return levels.enumerated().allSatisfy { index, level in
                if level == "+" || (level == "#" && index == levels.count - 1) { return index > 0 }
                return String(level).isMade(of: "_-.", first: index == 0 ? "$_" : "_-.")
            }
        },
        OperandType("BRIDGEREQUEST", "a restart or a health check of Zigbee2MQTT", target: .topic) { word in
            ["zigbee2mqtt/bridge/request/restart", "zigbee2mqtt/bridge/request/health_check"].contains(word)
        },
    ]

    private static let recordTypes: Set<String> = [
        "A", "AAAA", "ANY", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "MX", "NAPTR", "NS", "NSEC", "PTR", "SOA", "SRV",
        "SVCB", "TLSA", "TXT",
    ]
    private static let harmlessHeaders: Set<String> = [
        "Accept: application/json", "Accept: text/plain", "Accept: text/html", "Accept: */*",
        "Content-Type: application/json", "Cache-Control: no-cache",
    ]
    private static let queryParameters: Set<String> = [
        "query", "time", "start", "end", "step", "limit", "direction", "match[]", "filter", "active", "silenced",
        "state", "type",
    ]
    private static let redisSettings: Set<String> = [
        "maxmemory", "maxmemory-policy", "save", "appendonly", "appendfsync", "maxclients", "timeout", "databases",
        "dir", "dbfilename", "slowlog-log-slower-than", "slowlog-max-len", "tcp-keepalive", "hz", "loglevel",
    ]
    private static let psqlLists: Set<String> = [
        "\\l", "\\l+", "\\dt", "\\dt+", "\\d", "\\d+", "\\di", "\\di+", "\\dn", "\\dn+", "\\dx", "\\du", "\\db",
        "\\dv", "\\dm", "\\conninfo", "\\dt *.*", "\\dt public.*",
    ]

    /// `rs.status()`, `db.serverStatus().connections`: one call without arguments, then fields.
    private static func isMongoRead(_ word: String) -> Bool {
        guard word.utf8.count <= 128 else { return false }
        for call in mongoReads where word.hasPrefix(call + "()") {
            return word.dropFirst(call.count + 2).split(separator: ".", omittingEmptySubsequences: false)
                .enumerated().allSatisfy { index, field in
                    index == 0 ? field.isEmpty : !field.isEmpty && field.utf8.allSatisfy(isASCIILetterOrDigit)
                }
        }
        return false
    }

    private static let mongoReads = [
        "rs.status", "rs.printReplicationInfo", "rs.printSecondaryReplicationInfo", "rs.hello", "db.serverStatus",
        "db.stats", "db.hello", "db.version", "db.getReplicationInfo", "db.isMaster", "sh.status",
    ]

    private static func isFile(_ word: String, below folders: [String]) -> Bool {
        PathRules.isPlain(word) && folders.contains { word.hasPrefix($0) }
    }

    private static func isNetwork(_ word: String) -> Bool {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count <= 2 else { return false }
        let isOld = NetworkRules.address(address) != nil
        guard isOld || isNewAddress(address) else { return false }
        return parts.count == 1
            || ((1...3).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
                && Int(parts[1]).map { $0 <= (isOld ? 32 : 128) } == true)
    }

    /// Hexadecimal digits with two colons or more: never a name that somebody would look up.
    private static func isNewAddress(_ text: Substring) -> Bool {
        (2...39).contains(text.utf8.count) && text.utf8.count(where: { $0 == UInt8(ascii: ":") }) >= 2
            && text.utf8.allSatisfy { $0 == UInt8(ascii: ":") || $0.isHexDigit }
    }

    /// Addresses and ports as numbers, because names would be looked up.
    private static func isSocketFilter(_ word: String) -> Bool {
        guard (1...200).contains(word.utf8.count), word.utf8.first != UInt8(ascii: "-") else { return false }
        return word.split(whereSeparator: { $0 == " " || $0 == "(" || $0 == ")" }).allSatisfy { part in
            if socketWords.contains(String(part)) || isNetwork(String(part)) { return true }
            guard let colon = part.lastIndex(of: ":") else {
                return part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
            let port = part[part.index(after: colon)...]
            let host = part[..<colon]
            let isPort = port == "*" || port.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
            let isBracketed = host.first == "[" && host.last == "]" && isNewAddress(host.dropFirst().dropLast())
            return isPort && !port.isEmpty && (host.isEmpty || host == "*" || isNetwork(String(host)) || isBracketed)
        }
    }

    private static let socketWords: Set<String> = [
        "state", "exclude", "all", "connected", "synchronized", "bucket", "big", "established", "syn-sent", "syn-recv",
        "fin-wait-1", "fin-wait-2", "time-wait", "closed", "close-wait", "last-ack", "listening", "listen", "closing",
        "src", "dst", "sport", "dport", "and", "or", "not", "&&", "||", "!", "=", "==", "eq", "!=", "ne", "neq", ">=",
        "ge", "geq", "<=", "le", "leq", ">", "gt", "<", "lt",
    ]

    /// `%{name}` of a list; `%output{…}` would write a file, and `@` at the beginning reads one.
    private static func isWriteOut(_ word: String) -> Bool {
        guard (1...300).contains(word.utf8.count), word.utf8.first != UInt8(ascii: "@"),
            word.utf8.first != UInt8(ascii: "-")
        else { return false }
        let parts = word.split(separator: "%", omittingEmptySubsequences: false)
        return parts.dropFirst().allSatisfy { part in
            guard part.first == "{", let close = part.firstIndex(of: "}") else { return false }
            return writeOutNames.contains(String(part[part.index(after: part.startIndex)..<close]))
        }
    }

    private static let writeOutNames: Set<String> = [
        "http_code", "response_code", "http_version", "http_connect", "time_total", "time_connect", "time_namelookup",
        "time_appconnect", "time_pretransfer", "time_redirect", "time_starttransfer", "size_download", "size_header",
        "size_request", "size_upload", "speed_download", "speed_upload", "num_connects", "num_redirects",
        "redirect_url", "content_type", "remote_ip", "remote_port", "local_ip", "local_port", "ssl_verify_result",
        "url_effective",
        "errormsg", "exitcode", "scheme", "method",
    ]
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (0x30...0x39).contains(self) || (0x61...0x66).contains(self) || (0x41...0x46).contains(self)
    }
}
