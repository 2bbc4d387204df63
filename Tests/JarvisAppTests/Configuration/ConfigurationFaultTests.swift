// SPDX-License-Identifier: Apache-2.0

import JarvisApp
import Testing

@Suite struct `A wrong configuration` {
    /// A text and what is said about it, without the file's name.
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let faults: [String]
        var testDescription: String { faults.joined(separator: " | ") }

        init(_ text: String, _ faults: String...) {
            self.text = text
            self.faults = faults
        }
    }

    static let settings = [
        Case("- a", "1:1: expected a mapping, found a list"),
        Case("just text", "1:1: expected a mapping, found text"),
        Case("sevrer: {}", "1:1: unknown key 'sevrer'; did you mean 'server'?"),
        Case("completely_else: 1", "1:1: unknown key 'completely_else'"),
        Case("data: 5", "1:7: data: expected a path, found the number 5"),
        Case(
            "server: {max_body: 8}", "1:20: server.max_body: expected a size such as 512KiB or 8MiB, found the number 8"
        ),
        Case(
            "server: {max_body: 8MB}",
            "1:20: server.max_body: expected a size such as 512KiB or 8MiB, found '8MB'; did you mean '8MiB'?"),
        Case("server: {max_body: 1B}", "1:20: server.max_body: must be between 65536 and 268435456 bytes"),
        Case(
            "server: {max_body: 99999999999999999GiB}",
            "1:20: server.max_body: must be between 65536 and 268435456 bytes"),
        Case("server: {max_connections: many}", "1:27: server.max_connections: expected a whole number, found 'many'"),
        Case(
            "server: {max_connections: 1.5}",
            "1:27: server.max_connections: expected a whole number, found the number 1.5"),
        Case("server: {max_connections: 0}", "1:27: server.max_connections: must be between 1 and 65536, not 0"),
        Case(
            "server: {allow_remote: yes}",
            "1:24: server.allow_remote: expected true or false, found 'yes'; did you mean 'true'?"),
        Case(
            "server: {listen: \"0.0.0.0:8480\"}",
            "1:18: server.listen: other machines reach 0.0.0.0; set server.allow_remote: true if that is meant"),
        Case("server: {external_url: jarvis.local}", "1:24: server.external_url: must begin with http:// or https://"),
        Case(
            "server: {external_url: \"https://h/?a\"}",
            "1:24: server.external_url: must end with the path; '?' and '#' have no meaning here"),
        Case(
            "database: {repair: {host: local, container: pg}}",
            "1:20: database.repair: is for a database of 'database.url' only: without one everything is in a file, which nobody starts",
            "1:27: database.repair.host: instances that share a database have no host 'local' in common: reach it over SSH, under a name of its own"
        ),
        Case(
            "database: {url: \"postgresql://db/j\", repair: {host: skinet, container: pg, after: 5s}}\nhosts: [{name: skynet, user: j}]",
            "1:53: database.repair.host: there is no host 'skinet'; did you mean 'skynet'?",
            "1:83: database.repair.after: must be between 30s and 1d, not 5s"),
        Case(
            "database: {url: \"postgresql://db/j\", repair: {host: skynet, container: pg1}}\nhosts: [{name: skynet, user: j, containers: [pg2]}]",
            "1:72: database.repair.container: container pg1 on skynet is not declared under 'hosts'; did you mean 'pg2'?"
        ),
        Case(
            "database: {url: \"postgresql://db/j\", repair: {host: skynet, container: pg, unit: pg.service}}\nhosts: [{name: skynet, user: j}]",
            "1:53: database.repair.host: give exactly one of 'container' and 'unit': what the database runs in"),
        Case("prometheus: {timeout: 5s}", "1:13: prometheus: missing key 'url': a URL"),
        Case(
            "prometheus: {url: \"http://a:b@c\"}",
            "1:19: prometheus.url: must not hold credentials; use 'username' and 'password'"),
        Case("prometheus: {url: \"http://\"}", "1:19: prometheus.url: names no valid host"),
        Case("prometheus: {url: \"http://h:99999\"}", "1:19: prometheus.url: has no valid port"),
        Case(
            "prometheus: {url: \"http://h/a b\"}",
            "1:19: prometheus.url: holds a space or another character that a URL can't hold"),
        Case("prometheus: {url: http://h, username: u}", "1:39: prometheus.username: needs 'password' too"),
        Case("prometheus: {url: http://h, password: p}", "1:39: prometheus.password: needs 'username' too"),
        Case(
            "prometheus: {url: http://h, username: u, password: p, token: t}",
            "1:62: prometheus.token: give either 'token' or 'username' and 'password'"),
        Case(
            "ssh: {connect_timeout: 5}",
            "1:24: ssh.connect_timeout: expected a time such as 30s, 5m, 4h or 30d, found the number 5; did you"
                + " mean '5s'?"
        ),
        Case(
            "ssh: {connect_timeout: 5x}",
            "1:24: ssh.connect_timeout: expected a time such as 30s, 5m, 4h or 30d, found '5x'"),
        Case("ssh: {connect_timeout: 1h}", "1:24: ssh.connect_timeout: must be between 1s and 2m, not 1h"),
        Case(
            "approvals: {expire_after: 99999999999999999999d}",
            "1:27: approvals.expire_after: expected a time such as 30s, 5m, 4h or 30d, found '99999999999999999999d'"),
        Case("ssh: {config: ~/x}", "1:15: ssh.config: '~' needs HOME to be set"),
        Case(
            "log: {level: warn}",
            "1:14: log.level: expected one of trace, debug, info, notice, warning, error, critical, found 'warn'"),
        Case("log: {format: jsn}", "1:15: log.format: expected one of text, json, found 'jsn'; did you mean 'json'?"),
        Case("webhook: {username: \"a:b\"}", "1:21: webhook.username: must be one line without ':'"),
        Case("a: &x 1", "1:4: anchors (&name) are not supported; write the value out"),
        Case("data: a\ndata: b", "2:1: key 'data' is given twice; the first one is in line 1"),
        Case("data: \"\u{1B}[31m\"", "1:8: the control character U+001B is not allowed in a text file"),
        Case("\"\\e[31m\\u202e\": 1", "1:1: unknown key '\u{FFFD}[31m\u{FFFD}'"),
    ]

    static let hosts = [
        Case("hosts: {a: b}", "1:8: hosts: expected a list, found a mapping"),
        Case("hosts: [x]", "1:9: hosts[0]: expected a mapping, found text"),
        Case("hosts: [{user: u}]", "1:9: hosts[0]: missing key 'name': a host name"),
        Case("hosts: [{name: a}]", "1:9: hosts[0]: missing key 'user': a login name"),
        Case(
            "hosts: [{name: A_b, user: u}]",
            "1:16: hosts[0].name: not a host name: lower-case letters, digits, '-' and '.', at most 63"),
        Case(
            "hosts: [{name: a, user: u, adress: x}]",
            "1:28: unknown key 'adress' in hosts[0]; did you mean 'address'?"),
        Case(
            "hosts: [{name: a, user: u, address: \"-oProxyCommand=x\"}]",
            "1:37: hosts[0].address: not the name or address of a machine; port and user have their own keys"),
        Case(
            "hosts: [{name: a, user: u, address: \"u@h\"}]",
            "1:37: hosts[0].address: not the name or address of a machine; port and user have their own keys"),
        Case(
            "hosts: [{name: a, user: -l}]",
            "1:25: hosts[0].user: not a login name: letters, digits, '_', '.' and '-', at most 64"),
        Case(
            "hosts: [{name: a, user: root}]",
            "1:25: hosts[0].user: Jarvis needs no root login; give it a user and 'sudo: [units]', or set 'allow_root:"
                + " true'"
        ),
        Case("hosts: [{name: a, user: u, port: 70000}]", "1:34: hosts[0].port: must be between 1 and 65535, not 70000"),
        Case(
            "hosts: [{name: a, user: u, max_sessions: 11}]",
            "1:42: hosts[0].max_sessions: must be between 1 and 10, not 11"),
        Case(
            "hosts: [{name: local, user: u}]",
            "1:29: hosts[0].user: has no meaning for the machine Jarvis runs on"),
        Case(
            "hosts: [{name: local, connection: ssh}]",
            "1:35: hosts[0].connection: the host 'local' is the machine Jarvis runs on; did you mean 'local'?"),
        Case(
            "hosts:\n  - {name: a, connection: local}\n  - {name: b, connection: local}",
            "3:12: hosts[1].name: a second host on the machine Jarvis runs on; see line 2"),
        Case(
            "hosts: [{name: a, user: u, guarded: true, guard_cap: forbidden}]",
            "1:54: hosts[0].guard_cap: what is forbidden never runs"),
        Case(
            "hosts:\n  - {name: a, user: u, address: x.lan}\n  - {name: b, user: v, address: X.lan}",
            "3:12: hosts[1].name: another host is reached at x.lan:22 already, and limits per host would count it twice;"
                + " see line 2"),
        Case(
            "hosts:\n  - {name: a, user: u}\n  - {name: a, user: u}",
            "3:12: hosts[1].name: host 'a' is declared twice; see line 2"),
        Case(
            "hosts:\n  - {name: a, user: u, labels: {i: x}}\n  - {name: b, user: u, labels: {i: [y, x]}}",
            "3:40: hosts[1].labels.i[1]: the value 'x' means host 'a' already; see line 2"),
        Case(
            "hosts:\n  - {name: a, user: u}\n  - {name: b, user: u, labels: {remediation_host: a}}",
            "3:51: hosts[1].labels.remediation_host: the value 'a' means host 'a' already; see line 2"),
        Case(
            "hosts: [{name: a, user: u, labels: {port: 80}}]",
            "1:43: hosts[0].labels.port: expected text, found the number 80"),
        Case("hosts: [{name: a, user: u, labels: {a-b: x}}]", "1:37: hosts[0].labels: not a label name"),
        Case(
            "hosts: [{name: a, user: u, containers: [\"web; reboot\"]}]",
            "1:41: hosts[0].containers[0]: not a container name: it holds a character that is not allowed"),
        Case(
            "hosts: [{name: a, user: u, containers: [{nam: web}]}]",
            "1:41: hosts[0].containers[0]: missing key 'name': a name",
            "1:42: unknown key 'nam' in hosts[0].containers[0]; did you mean 'name'?"),
        Case(
            "hosts: [{name: a, user: u, units: [nginx]}]",
            "1:36: hosts[0].units[0]: not a systemd unit name: it does not end in a unit type such as .service"),
        Case(
            "hosts:\n  - name: a\n    user: u\n    containers:\n      - web\n      - name: web",
            "6:15: hosts[0].containers[1].name: container web on a is declared twice; see line 5"),
        Case(
            "hosts: [{name: a, user: u, services: [{name: x, argv: [/x]}]}]",
            "1:38: hosts[0].services: only the machine Jarvis runs on can have services"),
        Case(
            "hosts: [{name: local, services: [{name: x}, {name: y, argv: [y]}, {name: z, argv: /z}]}]",
            "1:34: hosts[0].services[0].argv: missing: the program and its arguments as a list",
            "1:61: hosts[0].services[1].argv: must begin with the program's absolute path",
            "1:83: hosts[0].services[2].argv: expected a list, found text"),
        Case(
            "hosts: [{name: local, services: [{name: x, argv: [/x, 9000]}]}]",
            "1:55: hosts[0].services[0].argv[1]: expected text, found the number 9000"),
        Case(
            "hosts: [{name: a, user: u, containers: [{name: w, probes: [{tcp: h}, {}, {tcp: \"h:1\", status: 200}]}]}]",
            "1:66: hosts[0].containers[0].probes[0].tcp: expected a host and a port such as 192.168.0.11:8080,"
                + " found 'h'",
            "1:70: hosts[0].containers[0].probes[1]: give exactly one of 'http' and 'tcp'",
            "1:95: hosts[0].containers[0].probes[2].status: has a meaning for http only"),
        Case(
            "hosts: [{name: a, user: u, containers: [{name: w, probes: [{http: ftp://x}]}]}]",
            "1:67: hosts[0].containers[0].probes[0].http: must begin with http:// or https://"),
    ]

    private static let inventory = "hosts: [{name: nexus, user: u, containers: [web]}]\nautonomy:\n  rules:\n"

    static let autonomy = [
        Case(
            "autonomy: {default: always}",
            "1:21: autonomy.default: expected one of observe, approve, auto, found 'always'"),
        Case(
            inventory + "    - {class: bounded}",
            "4:7: autonomy.rules[0]: missing key 'level': one of observe, approve, auto"),
        Case(
            inventory + "    - {level: auto, host: nexsu}",
            "4:27: autonomy.rules[0].host: there is no host 'nexsu'; did you mean 'nexus'?"),
        Case(
            inventory + "    - {level: auto, class: bouned}",
            "4:28: autonomy.rules[0].class: expected one of observe, bounded, disruptive, highRisk, forbidden,"
                + " found 'bouned'; did you mean 'bounded'?"),
        Case(
            inventory + "    - {level: auto, class: highRisk}",
            "4:28: autonomy.rules[0].class: high risk always needs a person; 'auto' reaches up to 'disruptive'"),
        Case(
            inventory + "    - {level: approve, class: forbidden}",
            "4:31: autonomy.rules[0].class: what is forbidden never runs"),
        Case(
            inventory + "    - {level: auto, target: web}",
            "4:29: autonomy.rules[0].target: expected a target such as 'container web on nexus', found 'web'"),
        Case(
            inventory + "    - {level: auto, target: container wbe on nexus}",
            "4:29: autonomy.rules[0].target: container wbe on nexus is not declared under 'hosts'; did you mean"
                + " 'container web on nexus'?"),
        Case(
            inventory + "    - {level: auto, target: container web on nas}",
            "4:29: autonomy.rules[0].target: there is no host 'nas'"),
        Case(
            inventory + "    - {level: auto, host: local, target: container web on nexus}",
            "4:42: autonomy.rules[0].target: is on nexus, but the rule is for local"),
        Case(
            inventory + "    - {level: auto, target: {kind: container, name: web}}",
            "4:29: autonomy.rules[0].target.host: name the host of the target"),
        Case(
            inventory + "    - {level: auto, target: {kind: container, host: nexus}}",
            "4:29: autonomy.rules[0].target.name: name the container"),
    ]

    @Test(arguments: settings + hosts + autonomy) func `is told so at its place`(wrong: Case) {
        let report = ConfigurationReader(environment: [:]).read(Array(wrong.text.utf8))
        #expect(report.faults.map(\.description) == wrong.faults.map { "jarvis.yaml:\($0)" })
        #expect(report.configuration == nil)
    }

    @Test func `brings all its faults together, in the order of the file and then the environment`() {
        let text = "log: {level: 1}\nhosts:\n  - {name: a, usr: x}\nsrver: 1\n"
        let report = ConfigurationReader(environment: ["JARVIS_LOG_FORMAT": "xml"]).read(Array(text.utf8))
        #expect(
            report.faults.map(\.description) == [
                "jarvis.yaml:1:14: log.level: expected one of trace, debug, info, notice, warning, error,"
                    + " critical, found"
                    + " the number 1",
                "jarvis.yaml:3:5: hosts[0]: missing key 'user': a login name",
                "jarvis.yaml:3:15: unknown key 'usr' in hosts[0]; did you mean 'user'?",
                "jarvis.yaml:4:1: unknown key 'srver'; did you mean 'server'?",
                "environment variable JARVIS_LOG_FORMAT: log.format: expected one of text, json, found 'xml'",
            ])
    }

    @Test func `has faults or a configuration whatever its bytes are, never both and never neither`() {
        var random = UInt64(0x9E37_79B9_7F4A_7C15)
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(limit))
        }
        let example = Array(ConfigurationExample.text.utf8)
        let pieces = [
            "&a ", "*a", "!t ", "- ", ": ", "\n", "\t", "{", "]", "\"", "\u{0}", "\u{FEFF}", "? ", "|\n", "%", "@",
        ]
        let names = [
            "WEBHOOK_PASSWORD", "WEBHOOK_TOKEN", "PROMETHEUS_PASSWORD", "ALERTMANAGER_TOKEN", "LOKI_TOKEN", "HOME",
        ]
        let secrets = Dictionary(uniqueKeysWithValues: names.map { ($0, "/x") })
        var accepted = 0
        for _ in 0..<300 {
            var bytes = example
            for _ in 0...next(3) {
                let start = next(bytes.count)
                let piece = next(2) == 0 ? Array(pieces[next(pieces.count)].utf8) : [UInt8(next(256))]
                bytes.replaceSubrange(start..<min(bytes.count, start + next(40)), with: piece)
            }
            let report = ConfigurationReader(environment: secrets).read(bytes)
            accepted += report.configuration == nil ? 0 : 1
            #expect((report.configuration == nil) != report.faults.isEmpty)
        }
        // Changes within comments do no harm, so both answers must occur.
        #expect((1..<300).contains(accepted))
    }

    @Test(.timeLimit(.minutes(1))) func `of many keys is refused key by key`() {
        let keys = (0..<5000).map { "servr\($0): \(String(repeating: "x", count: 20))\n" }.joined()
        #expect(ConfigurationReader(environment: [:]).read(Array(keys.utf8)).faults.count == 5000)
    }
}
