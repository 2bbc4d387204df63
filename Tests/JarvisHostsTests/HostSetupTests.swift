// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import Testing

@testable import JarvisHosts

let setupKey = HostKey(
    kind: "ssh-ed25519", base64: "AAAAC3NzaC1lZDI1NTE5AAAAINeceCYteUyyBxEYBArmBhW0lnZ3Bi+5muDvXvkcogqN")

/// A setup with all parts; the policy holds what a shell would act on.
func fullSetup(
    host: String = "nexus.lan", user: String = "jarvis", policy: String? = "# it's $(id) `id` \\\nguard-host nexus\n",
    rules: [SudoRule]? = nil
) throws -> HostSetup {
    try HostSetup(
        host: try #require(HostName(host)), user: user, key: setupKey, guardPolicy: policy,
        rules: try rules ?? [
            SudoRule(["systemctl", "restart", "app@a:b.service"]), SudoRule(["docker", "start", "web"]),
        ])
}

@Suite struct `What stands on a host` {
    @Test(arguments: [
        "root", "", "-u", "Jarvis", "ALL", "ja rvis", "jarvis;id", "$(id)", "jarvis\n", "j'", "j/../x", "%wheel", "#0",
        "9", ".ssh", "+x", "jürgen", "a:b", String(repeating: "a", count: 32),
    ])
    func `has no user but a plain one of its own`(user: String) {
        #expect(throws: HostSetupError.self) { try fullSetup(user: user) }
    }

    @Test func `has a user of every plain name`() throws {
        for user in ["jarvis", "_jarvis", "j.a-r_v1s"] { #expect(throws: Never.self) { try fullSetup(user: user) } }
        let dotted = try fullSetup(user: "j.x")
        #expect(dotted.sudoersFile == "/etc/sudoers.d/jarvis-j_x")
    }

    @Test(arguments: [
        "", "guard-host x", "a\nEND_OF_POLICY\nreboot\n", "END_OF_POLICY\n", "a\u{0}\n", "ä\n", "a\rb\n",
        String(repeating: "a", count: 1 << 18) + "\n",
    ])
    func `has no policy that could end its place in the script`(policy: String) {
        #expect(throws: HostSetupError.self) { try fullSetup(policy: policy) }
    }

    @Test func `has an Ed25519 key`() throws {
        let other = HostKey(kind: "ssh-rsa", base64: "AAAAB3NzaC1yc2EAAAADAQABAAAB")
        #expect(throws: HostSetupError.self) {
            try HostSetup(host: try #require(HostName("nexus")), user: "jarvis", key: other)
        }
    }
}

@Suite struct `An entry for sudo` {
    @Test(arguments: [
        [], ["docker"], ["", "x"], ["-u", "x"], ["docker", ""], ["/bin/sh", "x"], ["a b", "x"], ["ALL=", "x"],
        ["docker", "a\nb"], ["docker", "a\\b"], ["docker", "ä"], ["docker", "^.*$"], ["docker", "a\u{0}"],
        ["docker\n", "x"], ["a*", "x"],
    ])
    func `is refused where sudoers can't say exactly that`(words: [String]) {
        #expect(throws: HostSetupError.self) { try SudoRule(words) }
    }

    @Test func `escapes what sudoers and its wildcards would interpret`() throws {
        let rule = try SudoRule(["systemctl", "restart", "a@b:c.service", "x=1,2", "#", "*?[a]", "a  b", "!^"])
        #expect(
            rule.escapedArguments
                == ##"restart a@b\:c.service x\=1\,2 \# \*\?\[a\] a\ \ b !^"##)
    }
}

@Suite struct `A script for a host` {
    @Test func `takes each value as one quoted word`() throws {
        let text = HostSetupScript(.install, try fullSetup()).text
        #expect(text.contains("\nname='nexus.lan'\n") && text.contains("\nuser='jarvis'\n"))
        #expect(text.contains("cat <<'END_OF_POLICY'\n# it's $(id) `id` \\\nguard-host nexus\nEND_OF_POLICY\n"))
        #expect(text.contains("rule 'systemctl' 'restart app@a\\:b.service'\n"))
        #expect(text.contains("sudo_takes 'systemctl' 'restart' 'app@a:b.service'\n"))
        // A dot would match any character.
        #expect(text.contains("marker_pattern") == false && text.contains("mark_pattern='jarvis-enrolled:nexus[.]lan'"))
    }

    @Test func `says which one needs the guard beside it`() throws {
        let (guarded, plain) = (try fullSetup(), try fullSetup(policy: nil))
        for purpose in HostSetupScript.Purpose.allCases {
            #expect(HostSetupScript(purpose, guarded).needsGuardProgram == (purpose == .install))
            #expect(!HostSetupScript(purpose, plain).needsGuardProgram)
        }
    }

    @Test func `does nothing before its last line`() throws {
        for purpose in HostSetupScript.Purpose.allCases {
            let lines = HostSetupScript(purpose, try fullSetup()).text.split(separator: "\n").map(String.init)
            let last = try #require(lines.last)
            #expect(lines.count { $0 == last } == 1 && lines.contains("\(last)() {"))
        }
    }
}

@Suite struct `What sudo on a host answers` {
    @Test func `is understood`() throws {
        let rules = [try SudoRule(["docker", "start", "web"]), try SudoRule(["docker", "restart", "web"])]
        #expect(SudoCheck.judge("motd\njarvis-asked\n", rules) == nil)
        #expect(
            SudoCheck.judge("jarvis-refused=1\njarvis-asked\n", rules) == "sudo would not run: docker restart web")
        #expect(SudoCheck.judge("", rules)?.contains("did not say") == true)
        #expect(SudoCheck.judge("jarvis-refused=0\n", rules)?.contains("did not say") == true)
    }
}
