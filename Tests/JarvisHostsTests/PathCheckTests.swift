// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisTestSupport
import Synchronization
import Testing

@testable import JarvisHosts

@Suite struct `Before a command with paths is sent` {
    /// A host that answers questions from a table and remembers them.
    private final class Table: Sendable {
        let answers: [String: String]
        let asked = Mutex<[String]>([])

        init(_ answers: [String: String]) { self.answers = answers }

        func answer(_ question: JudgedCommand) -> Receipt {
            asked.withLock { $0.append(question.canonical.filter { $0 != "'" }) }
            var (output, errors) = ("", "")
            for path in question.list.pipelines[0].commands[0].words where path.hasPrefix("/") {
                let isRoot = question.canonical.hasPrefix("'sudo'")
                switch answers[(isRoot ? "root:" : "") + path] ?? "No such file or directory" {
                case let end where end.hasPrefix("/"): output += end + "\n"
                case let reason: errors += "realpath: \(path): \(reason)\n"
                }
            }
            return Receipt(
                ending: .exited(status: errors.isEmpty ? 0 : 1), standardOutput: output, standardError: errors)
        }
    }

    private func refusal(
        _ text: String, _ answers: [String: String], isGuarded: Bool = false
    ) async throws -> (reason: String?, asked: [String]) {
        let policy = try ShippedPolicy.get()
        let command = try #require(try policy.judge(text).first)
        let table = Table(answers)
        let reason = await PathCheck(policy: policy).refusal(
            of: command, isGuarded: isGuarded, deadlineSeconds: 20
        ) { question, _ in table.answer(question) }
        return (reason, table.asked.withLock { $0 })
    }

    @Test func `nothing is asked without paths that may be links`() async throws {
        for text in [
            "docker restart web", "docker ps", "df -h /", "cat /proc/meminfo | awk '/MemAvailable/ {print $2}'",
            "ls /sys/class/net", "curl -s http://127.0.0.1:9090/-/healthy",
        ] {
            let (reason, asked) = try await refusal(text, [:])
            #expect(reason == nil && asked.isEmpty, "\(text)")
        }
    }

    @Test func `one question is enough where all paths are there`() async throws {
        let text = "cat /etc/hosts /var/log/app/x.log; tail /etc/hosts"
        let same = try await refusal(text, ["/etc/hosts": "/etc/hosts", "/var/log/app/x.log": "/var/log/app/x.log"])
        #expect(same.reason == nil)
        #expect(same.asked == ["realpath /etc/hosts /var/log/app/x.log"])
        let link = try await refusal(text, ["/etc/hosts": "/etc/hosts", "/var/log/app/x.log": "/etc/shadow"])
        #expect(link.reason?.hasPrefix("a symbolic link leads elsewhere: ") == true)
    }

    @Test func `folders above are asked for where a path is missing`() async throws {
        let text = "cat /var/log/app/old/x.log"
        let plain = try await refusal(text, ["/var/log": "/var/log", "/var": "/var", "/var/log/app": "/var/log/app"])
        #expect(plain.reason == nil)
        #expect(plain.asked.last == "realpath /var/log/app/old /var/log/app /var/log /var")
        let link = try await refusal(text, ["/var/log": "/var/log", "/var": "/var", "/var/log/app": "/root"])
        #expect(link.reason?.hasPrefix("a symbolic link leads elsewhere: ") == true)
    }

    @Test func `root is asked where root will look and the login may not`() async throws {
        let file = "/etc/letsencrypt/live/example.org/cert.pem"
        let text = "openssl x509 -noout -enddate -in \(file)"
        let answers = [
            file: "Permission denied", "root:\(file)": "/etc/letsencrypt/archive/example.org/cert3.pem",
        ]
        let asRoot = try await refusal("sudo \(text)", answers)
        #expect(asRoot.reason == nil)
        #expect(asRoot.asked == ["realpath \(file)", "sudo -n realpath \(file)"])
        let asLogin = try await refusal(text, answers)
        #expect(asLogin.reason?.hasSuffix("can't be seen: Permission denied") == true)
        #expect(asLogin.asked.count == 1)
        let key = try await refusal(
            "sudo \(text)",
            [file: "Permission denied", "root:\(file)": "/etc/letsencrypt/archive/example.org/privkey3.pem"])
        #expect(key.reason?.hasPrefix("a symbolic link leads elsewhere: ") == true)
    }

    @Test func `a container is asked for its own paths`() async throws {
        let text = "docker exec web cat /etc/hosts"
        let same = try await refusal(text, ["/etc/hosts": "/etc/hosts"])
        #expect(same.reason == nil)
        #expect(same.asked == ["docker exec web realpath /etc/hosts"])
        #expect(try await refusal(text, ["/etc/hosts": "/run/secrets/db"]).reason != nil)
    }

    @Test func `a guard is left its own paths, not those inside containers`() async throws {
        let own = try await refusal("cat /etc/hosts", [:], isGuarded: true)
        #expect(own.reason == nil && own.asked.isEmpty)
        let inside = try await refusal("docker exec web cat /etc/hosts", ["/etc/hosts": "/root/x"], isGuarded: true)
        #expect(inside.reason != nil)
    }

    @Test(arguments: [
        Receipt(ending: .timedOut), Receipt(ending: .unknown(reason: "lost")),
        Receipt(ending: .notStarted(reason: "no session")),
        Receipt(ending: .exited(status: 127), standardError: "exec: realpath: not found"),
        Receipt(ending: .exited(status: 0), standardOutput: "/etc/hosts\n/etc/hosts\n"),
    ])
    func `no answer means no command`(_ receipt: Receipt) async throws {
        let policy = try ShippedPolicy.get()
        let command = try #require(try policy.judge("cat /etc/hosts").first)
        let reason = await PathCheck(policy: policy).refusal(of: command, isGuarded: false, deadlineSeconds: 20) {
            _, _ in
            receipt
        }
        #expect(reason?.contains("can't be seen") == true)
    }

    @Test func `a policy without the question refuses what needs it`() async throws {
        let policy = try ShippedPolicy.get().reading("refuse realpath", name: "test")
        let command = try #require(try policy.judge("cat /etc/hosts").first)
        let reason = await PathCheck(policy: policy).refusal(of: command, isGuarded: false, deadlineSeconds: 20) {
            _, _ in
            Receipt(ending: .exited(status: 0), standardOutput: "/etc/hosts\n")
        }
        #expect(reason?.contains("refuses") == true)
    }
}
