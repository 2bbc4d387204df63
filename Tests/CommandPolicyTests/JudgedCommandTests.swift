// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisTestSupport
import Testing

@Suite struct JudgedCommandTests {
    @Test func `a change is printed afresh with every word quoted`() throws {
        let policy = try ShippedPolicy.get()
        let web = try ContainerName("web-1.x_y")
        let unit = try UnitName("app@tty1.service")
        let table: [(JudgedCommand, String, CommandClass, String)] = [
            (
                try policy.judge(words: ["docker", "start", web.text], as: .login), "'docker' 'start' 'web-1.x_y'",
                .bounded,
                "start container/web-1.x_y"
            ),
            (
                try policy.judge(words: ["docker", "restart", web.text], as: .root),
                "'sudo' '-n' 'docker' 'restart' 'web-1.x_y'", .bounded,
                "restart container/web-1.x_y"
            ),
            (
                try policy.judge(words: ["systemctl", "start", unit.text], as: .login),
                "'systemctl' 'start' 'app@tty1.service'", .bounded,
                "start unit/app@tty1.service"
            ),
            (
                try policy.judge(words: ["systemctl", "restart", unit.text], as: .root),
                "'sudo' '-n' 'systemctl' 'restart' 'app@tty1.service'",
                .bounded, "restart unit/app@tty1.service"
            ),
        ]
        for (command, canonical, commandClass, effect) in table {
            #expect(command.canonical == canonical)
            #expect(command.commandClass == commandClass)
            #expect(command.effects.map(\.description) == [effect])
        }
    }

    @Test func `a typed action on a protected thing is judged like the same text`() throws {
        let policy = try ShippedPolicy.get()
        #expect(throws: Refusal.self) { try policy.judge(words: ["systemctl", "restart", "ssh.service"], as: .root) }
        #expect(try policy.judge(words: ["docker", "restart", "jarvis"], as: .login).commandClass == .highRisk)
        #expect(try policy.judge(words: ["docker", "restart", "app-postgres"], as: .login).commandClass == .highRisk)
        #expect(
            try policy.judge(words: ["systemctl", "restart", "NetworkManager.service"], as: .root).commandClass
                == .highRisk)
    }

    @Test func `a name of letters that could begin an ID is a name, and a database one asks a person`() throws {
        let policy = try ShippedPolicy.get()
        #expect(try policy.judge(words: ["docker", "start", "cafe"], as: .login).commandClass == .bounded)
        #expect(try policy.judge(words: ["docker", "start", "db"], as: .login).commandClass == .highRisk)
        #expect(throws: Refusal.self) { try policy.judge(words: ["docker", "start", "4f1e"], as: .login) }
    }

    @Test func `looking changes nothing and shows no environment`() throws {
        let policy = try ShippedPolicy.get()
        let container = try policy.inspectContainer(try ContainerName("web"), as: .login)
        #expect(container.commandClass == .observe)
        #expect(!container.canonical.contains("Env"))
        #expect(!container.canonical.contains("{{json .}}"))
        let unit = try policy.showUnit(try UnitName("web.service"))
        #expect(unit.commandClass == .observe)
        #expect(!unit.canonical.contains("Environment"))
        #expect(!unit.canonical.contains("sudo"))
    }

    @Test func `the classes are ordered by risk`() {
        #expect(CommandClass.allCases == CommandClass.allCases.sorted())
        #expect(CommandClass.allCases.first == .observe)
        #expect(CommandClass.allCases.last == .forbidden)
    }

    @Test func `a service step is bounded, looking at it is not a change`() throws {
        let service = try #require(DeclaredService(name: try ServiceName("canary"), argv: ["/bin/x", "it's"]))
        #expect(JudgedStep.service(ServiceStep(.start, service)).commandClass == .bounded)
        #expect(JudgedStep.service(ServiceStep(.restart, service)).commandClass == .bounded)
        #expect(JudgedStep.service(ServiceStep(.inspect, service)).commandClass == .observe)
        #expect(
            JudgedStep.service(ServiceStep(.start, service)).canonical == #"start service canary: '/bin/x' 'it'"'"'s'"#)
    }
}
