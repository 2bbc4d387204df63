// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore
import Testing

@testable import JarvisHosts

private func has(_ programs: String...) -> Bool { programs.allSatisfy { access($0, X_OK) == 0 } }

private func call(_ program: String, _ arguments: [String]) async throws -> ChildProcess.Result {
    try await ChildProcess(
        executable: program, arguments: arguments, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    ).run(deadline: .seconds(60))
}

extension RealProcesses {
    @Suite struct `A script for a host, to other eyes` {
        private func eachScript(_ body: (String) async throws -> Void) async throws {
            try await withTemporaryDirectory { folder in
                for policy in ["guard-host nexus\n", nil] {
                    for purpose in HostSetupScript.Purpose.allCases {
                        let script = HostSetupScript(purpose, try fullSetup(policy: policy))
                        try Data(script.text.utf8).write(to: URL(filePath: folder + "/setup"))
                        try await body(folder + "/setup")
                    }
                }
            }
        }

        @Test(.enabled(if: has("/bin/dash", "/bin/busybox"), "dash or busybox is missing; scripts/bootstrap.sh test"))
        func `is read by dash and by BusyBox`() async throws {
            try await eachScript { path in
                let endings = [
                    try await call("/bin/dash", ["-n", path]).ending,
                    try await call("/bin/busybox", ["ash", "-n", path]).ending,
                ]
                #expect(endings == [.exited(0), .exited(0)])
            }
        }

        @Test(.enabled(if: has("/usr/bin/shellcheck"), "shellcheck is not installed; scripts/bootstrap.sh test"))
        func `has nothing that shellcheck objects to`() async throws {
            try await eachScript { path in
                let result = try await call("/usr/bin/shellcheck", [path])
                #expect(result.ending == .exited(0), "\(result.standardOutput)")
            }
        }
    }

    @Suite(
        .enabled(if: has("/usr/sbin/visudo", "/usr/bin/cvtsudoers"), "sudo is not installed; scripts/bootstrap.sh test")
    )
    struct `Entries for sudo, to sudo` {
        private struct Sudoers: Decodable {
            struct Spec: Decodable {
                struct Commands: Decodable { let Commands: [[String: String]] }
                let Cmnd_Specs: [Commands]
            }
            let User_Specs: [Spec]
        }

        /// The commands as sudo's own parser understands them.
        private func understood(_ rules: [SudoRule]) async throws -> [String] {
            try await withTemporaryDirectory { folder in
                let path = folder + "/sudoers"
                let lines = rules.map {
                    "jarvis ALL=(root) NOPASSWD: NOSETENV: /bin/\($0.program) \($0.escapedArguments)\n"
                }
                try Data(lines.joined().utf8).write(to: URL(filePath: path))
                let check = try await call("/usr/sbin/visudo", ["-cf", path])
                #expect(check.ending == .exited(0), "\(check.standardError)")
                let json = try await call("/usr/bin/cvtsudoers", ["-f", "json", path])
                let sudoers = try JSONDecoder().decode(Sudoers.self, from: Data(json.standardOutput.utf8))
                return sudoers.User_Specs.flatMap(\.Cmnd_Specs).flatMap(\.Commands).compactMap { $0["command"] }
            }
        }

        @Test func `mean exactly the words`() async throws {
            let words = [
                ["systemctl", "restart", "app@a:b.service"],
                ["echo", "a,b:c=d", "#e", "{\"x\": 'y'}", "!z", "~", "$v"],
                ["echo", "a  b", "`w`", "(x)", "a;b", "a|b", "<", "&", "%", "@include", "ALL", "NOPASSWD:"],
                ["echo", "!", "^"],
            ]
            let rules = try words.map { try SudoRule($0) }
            #expect(try await understood(rules) == words.map { "/bin/" + $0.joined(separator: " ") })
        }

        @Test func `know no wildcard`() async throws {
            let rule = try SudoRule(["echo", "*?[a]"])
            // sudo keeps the backslashes, by which fnmatch(3) takes them for themselves.
            #expect(try await understood([rule]) == [#"/bin/echo \*\?\[a\]"#])
            #expect(fnmatch(#"\*\?\[a\]"#, "*?[a]", 0) == 0 && fnmatch(#"\*\?\[a\]"#, "xya", 0) != 0)
        }
    }
}
