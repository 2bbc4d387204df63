// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport
import Testing

@testable import CommandPolicy

@Suite struct PathWordTests {
    @Test func `a path is found in every way to write one`() {
        let rows: [(String, [String]?)] = [
            ("/a/b", ["", "/a/b", ""]), ("--file=/a", ["--file=", "/a", ""]), ("-f/a", ["-f", "/a", ""]),
            ("if=/a", ["if=", "/a", ""]), ("/srv/borg::web-1", ["", "/srv/borg", "::web-1"]), ("a/b", nil), ("-f", nil),
            ("http://x/y", nil), ("", nil), ("-", nil), ("--url=http://x/y", nil), ("{{json .Id}}", nil),
        ]
        for (word, wanted) in rows {
            let found = PathWord.split(word).map { [String($0.head), String($0.path), String($0.tail)] }
            #expect(found == wanted, "\(word)")
        }
    }

    @Test func `what can't be a link is not asked for`() {
        for path in ["/var/log/app/x", "/srv/web/", "/etc/mtab"] { #expect(PathWord(path: path).mayBeLink, "\(path)") }
        for path in ["/", "/proc/meminfo", "/sys/block/sda", "/MemAvailable/ {print $2}", "/readyz?verbose", "/a/../b"]
        {
            #expect(!PathWord(path: path).mayBeLink, "\(path)")
        }
        #expect(PathWord(path: "/a/b/c/").ancestors.map(\.path) == ["/a/b", "/a"])
        #expect(PathWord(path: "/a").ancestors.isEmpty)
    }

    @Test func `every path of a command is found, and where it is looked up`() throws {
        let policy = try ShippedPolicy.get()
        let rows: [(String, [String])] = [
            ("docker restart web", []), ("systemctl status nginx", []), ("df -h /", ["/"]),
            ("cat /etc/hosts /etc/fstab", ["/etc/hosts", "/etc/fstab"]),
            ("cat /etc/hosts; tail -n 5 /var/log/app/x.log | grep x", ["/etc/hosts", "/var/log/app/x.log"]),
            ("sudo cat /var/log/app/x.log", ["/var/log/app/x.log"]),
            ("docker compose -f /opt/web/compose.yml ps", ["/opt/web/compose.yml"]),
            ("docker exec web cat /etc/hosts", ["docker exec web: /etc/hosts"]),
            ("sudo docker exec web /bin/cat /etc/hosts", ["sudo -n docker exec web: /etc/hosts"]),
            ("kubectl exec web-0 -- cat /etc/resolv.conf", ["kubectl exec web-0 --: /etc/resolv.conf"]),
            (
                "docker compose -f /opt/web/compose.yml exec -T web cat /etc/hosts",
                ["/opt/web/compose.yml", "docker compose -f /opt/web/compose.yml exec -T web: /etc/hosts"]
            ),
        ]
        for (text, wanted) in rows {
            let command = try #require(try policy.judge(text).first)
            let found = try policy.paths(of: command)
            #expect(
                found.map { ($0.place.isEmpty ? "" : $0.place.joined(separator: " ") + ": ") + $0.path } == wanted,
                "\(text)")
        }
    }

    @Test func `typed actions and probes have no paths`() throws {
        let policy = try ShippedPolicy.get()
        let (web, nginx) = (try ContainerName("web"), try UnitName("nginx.service"))
        for privilege in [Privilege.login, .root] {
            let commands = [
                try policy.judge(words: ["docker", "start", web.text], as: privilege),
                try policy.judge(words: ["docker", "restart", web.text], as: privilege),
                try policy.inspectContainer(web, as: privilege),
                try policy.judge(words: ["systemctl", "start", nginx.text], as: privilege),
                try policy.judge(words: ["systemctl", "restart", nginx.text], as: privilege),
                try policy.showUnit(nginx),
            ]
            for command in commands { #expect(try policy.paths(of: command).isEmpty, "\(command.canonical)") }
        }
    }

    @Test func `the paths of everything that is accepted can be asked for`() throws {
        let policy = try ShippedPolicy.get()
        let texts = policy.examples + (try Corpus.legitimate().map(\.command))
        var asked = 0
        for command in texts.flatMap({ (try? policy.judge($0)) ?? [] }) {
            for word in try policy.paths(of: command) where word.mayBeLink {
                asked += 1
                let question = try policy.askForPaths([word.path.withoutSlash], in: word.place)
                #expect(question.commandClass == .observe)
                #expect(question.list.isSimple)
            }
            // Nothing leads elsewhere: nothing is judged anew.
            #expect(try policy.judgeBehindLinks(command) { _ in .same } == nil)
        }
        #expect(asked > 200)
    }

    @Test func `the question is one the policy itself would refuse or cap`() throws {
        let policy = try ShippedPolicy.get()
        #expect(try policy.askForPaths(["/a", "/b"], in: []).canonical == "'realpath' '/a' '/b'")
        #expect(try policy.askForPaths(["/a"], in: [], as: .root).canonical == "'sudo' '-n' 'realpath' '/a'")
        let inside = try policy.askForPaths(["/a"], in: ["docker", "exec", "web"])
        #expect(inside.canonical == "'docker' 'exec' 'web' 'realpath' '/a'")
        for path in ["-e", "a", "/a\n/b", "/a/../b", "/a'", ""] {
            #expect(throws: Refusal.self) { try policy.askForPaths([path], in: []) }
        }
        #expect(throws: Refusal.self) { try policy.askForPaths([], in: []) }
        #expect(try policy.askForPaths(["/a"], in: [], by: .readlink).canonical == "'readlink' '-f' '/a'")
        #expect(throws: Refusal.self) { try policy.askForPaths(["/a", "/b"], in: [], by: .readlink) }
        #expect(throws: Refusal.self) { try policy.askForPaths(["/a"], in: ["docker", "rm"]) }
        let narrow = try policy.reading("refuse realpath", name: "test")
        #expect(throws: Refusal.self) { try narrow.askForPaths(["/a"], in: []) }
    }
}

extension String {
    fileprivate var withoutSlash: String { last == "/" ? String(dropLast()) : self }
}
