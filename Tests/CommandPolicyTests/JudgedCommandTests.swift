// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Testing

@Suite struct JudgedCommandTests {
    @Test func `a change is printed afresh with every word quoted`() throws {
        let web = try ContainerName("web-1.x_y")
        let unit = try UnitName("getty@tty1.service")
        let table: [(JudgedCommand, String, CommandClass, Effect)] = [
            (.startContainer(web), "'docker' 'start' 'web-1.x_y'", .bounded, .startContainer(web)),
            (.restartContainer(web), "'docker' 'restart' 'web-1.x_y'", .bounded, .restartContainer(web)),
            (
                .restartContainer(web, privilege: .root), "'sudo' '-n' 'docker' 'restart' 'web-1.x_y'", .bounded,
                .restartContainer(web)
            ),
            (
                .startUnit(unit, privilege: .login), "'systemctl' 'start' 'getty@tty1.service'", .bounded,
                .startUnit(unit)
            ),
            (
                .restartUnit(unit, privilege: .root), "'sudo' '-n' 'systemctl' 'restart' 'getty@tty1.service'",
                .bounded,
                .restartUnit(unit)
            ),
            (.describeLogin(), "'id'", .observe, .observeLogin),
        ]
        for (command, canonical, commandClass, effect) in table {
            #expect(command.canonical == canonical)
            #expect(command.commandClass == commandClass)
            #expect(command.effect == effect)
        }
    }

    @Test func `looking changes nothing and shows no environment`() throws {
        let container = JudgedCommand.inspectContainer(try ContainerName("web"))
        #expect(container.commandClass == .observe)
        #expect(!container.canonical.contains("Env"))
        #expect(!container.canonical.contains("{{json .}}"))
        let unit = JudgedCommand.showUnit(try UnitName("web.service"))
        #expect(unit.commandClass == .observe)
        #expect(!unit.canonical.contains("Environment"))
        #expect(unit.privilege == .login)
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
            JudgedStep.service(ServiceStep(.start, service)).canonical == #"start service canary: '/bin/x' 'it'\''s'"#)
    }
}
