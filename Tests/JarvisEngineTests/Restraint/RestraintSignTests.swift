// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

/// What is taken for somebody's intention, and that a real crash is not.
@Suite struct RestraintSignTests {
    private static func container(
        _ status: String, exitCode: Int = 0, oom: Bool = false, policy: String = "no"
    ) -> String {
        """
        {"id":"c0ffee","status":"\(status)","startedAt":"2026-01-01T00:00:00Z","pid":0,"exitCode":\(exitCode),\
        "oomKilled":\(oom),"health":null,"restartPolicy":"\(policy)","restartCount":0}
        """
    }

    private static func unit(_ active: String, _ sub: String = "dead") -> String {
        "LoadState=loaded\nActiveState=\(active)\nSubState=\(sub)\nResult=success\nInvocationID=1\n"
    }

    struct Scene: CustomTestStringConvertible, Sendable {
        let what: String
        let target: Target
        /// Answers by a word of the question's command.
        let answers: [String: String]
        let isIntended: Bool
        var testDescription: String { what }

        init(
            _ what: String, _ isIntended: Bool, about target: Target = Homelab.web, _ answers: [String: String]
        ) {
            self.what = what
            self.target = target
            self.isIntended = isIntended
            self.answers = answers
        }
    }

    static let scenes = [
        // Each sign both ways.
        Scene(
            "docker stop, unless-stopped", true,
            [
                "inspect": container("exited", exitCode: 143, policy: "unless-stopped"),
                "events": "start 100\nkill 101\ndie 102\nstop 103\n",
            ]),
        Scene(
            "docker stop that took too long", true,
            [
                "inspect": container("exited", exitCode: 137), "events": "kill 100\nkill 101\ndie 102\nstop 103\n",
            ]),
        Scene(
            "docker stop, and the events are not told", true,
            [
                "inspect": container("exited", exitCode: 143, policy: "always")
            ]),
        Scene(
            "a crash, unless-stopped, whose restart failed", false,
            [
                "inspect": container("exited", exitCode: 128, policy: "unless-stopped"),
                "events": "start 100\ndie 101\n",
            ]),
        Scene(
            "a crash that left an orderly status", false,
            [
                "inspect": container("exited", exitCode: 0), "events": "start 100\ndie 101\n",
            ]),
        Scene(
            "killed for memory", false,
            [
                "inspect": container("exited", exitCode: 137, oom: true), "events": "start 100\noom 101\ndie 102\n",
            ]),
        Scene(
            "stopped, started and crashed since", false,
            [
                "inspect": container("exited", exitCode: 1),
                "events": "kill 100\ndie 101\nstop 102\nstart 103\ndie 104\n",
            ]),
        Scene(
            "the host lost its power", false,
            [
                "inspect": container("exited", exitCode: 255, policy: "unless-stopped")
            ]),
        Scene(
            "docker kill by somebody who is logged in", true,
            [
                "inspect": container("exited", exitCode: 137), "events": "kill 100\ndie 101\n",
                "who": "ada      pts/0        2026-01-01 10:00 (192.0.2.7)\n",
            ]),
        Scene(
            "docker kill, nobody there", false,
            [
                "inspect": container("exited", exitCode: 137), "events": "kill 100\ndie 101\n", "who": "",
            ]),
        Scene("paused", true, ["inspect": container("paused")]),
        Scene(
            "a crash while somebody is logged in", false,
            [
                "inspect": container("exited", exitCode: 1), "events": "die 100\n",
                "who": "ada      tty1         2026-01-01 10:00\n",
            ]),
        Scene(
            "an orderly end beside a healer that may have done it", true,
            [
                "inspect": container("exited", exitCode: 0), "ps": "S    systemd\nSsl  watchtower\n",
            ]),
        Scene("an orderly end and nothing else", false, ["inspect": container("exited", exitCode: 0)]),
        Scene("a crash that nothing else is known of", false, ["inspect": container("exited", exitCode: 1)]),
        Scene("an inactive unit", true, about: Homelab.unit, ["--property=LoadState": unit("inactive")]),
        Scene(
            "an inactive unit that is disabled", true, about: Homelab.unit,
            [
                "--property=LoadState": unit("inactive"), "UnitFileState": "UnitFileState=disabled\n",
            ]),
        Scene("a failed unit", false, about: Homelab.unit, ["--property=LoadState": unit("failed", "failed")]),
        Scene(
            "a failed unit that is disabled, and somebody there", false, about: Homelab.unit,
            [
                "--property=LoadState": unit("failed", "failed"), "UnitFileState": "UnitFileState=masked\n",
                "who": "ada      pts/0        2026-01-01 10:00 (192.0.2.7)\n",
            ]),
        Scene("nothing is known", false, [:]),
        Scene("answers that are none", false, ["inspect": "Error: no such object", "events": "stop;die", "who": "?"]),
    ]

    private static func signs(_ scene: Scene) throws -> [RestraintSign] {
        let rules = try Homelab.rules()
        let questions = RestraintLook.questions(about: scene.target, in: rules.inventory, under: rules.policy)
        #expect(questions.count == (scene.target.kind == .container ? 5 : 4))
        return RestraintLook.signs(
            of: scene.target,
            in: questions.map { question in
                let text = question.step.canonical
                let answer = scene.answers.sorted { $0.key.count > $1.key.count }.first { text.contains($0.key) }?.value
                let receipt =
                    answer.map { Receipt(ending: .exited(status: 0), standardOutput: $0) }
                    ?? Receipt(ending: .notStarted(reason: "not allowed"))
                return (question, receipt)
            })
    }

    @Test(arguments: scenes) func `what is intended is told from what is broken`(_ scene: Scene) throws {
        let signs = try Self.signs(scene)
        let caution = Deliberation.caution(signs, threshold: Deliberation.standardThreshold)
        #expect((caution != nil) == scene.isIntended, "\(signs)")
    }

    @Test func `an intended stop is asked about although the plan might run`() throws {
        var life = IncidentLife(rules: try Homelab.rules())
        var seen = Homelab.down
        seen.signs = [.stoppedThroughEngine, .openSession]
        try life.apply(.diagnosed(seen, TrackRecord()))
        #expect(life.incident.phase.name == "awaitingApproval")
    }

    @Test func `a pattern may want to be surer`() throws {
        let sure = Pattern(
            id: "sure", title: "t", matcher: .init(alertnames: ["ContainerDown"]),
            target: .init(kind: .container, nameFrom: ["name"], hostFrom: ["instance"]),
            response: .plan([.action(.containerStart)]), confidence: 0.9, deliberateFrom: 1)
        var life = IncidentLife(rules: try Homelab.rules(patterns: [sure]))
        var seen = Homelab.down
        seen.signs = [.stoppedThroughEngine]
        try life.apply(.diagnosed(seen, TrackRecord()))
        #expect(life.incident.phase.name == "acting")
    }

    @Test func `what starts itself again is left to it for a while, and not for ever`() throws {
        var life = IncidentLife(rules: try Homelab.rules())
        var seen = Homelab.down
        seen.signs = [.healsItself]
        try life.apply(.diagnosed(seen, TrackRecord()))
        #expect(life.incident.phase == .diagnosing)
        try life.apply(.diagnosed(seen, TrackRecord()))
        #expect(life.incident.phase == .diagnosing)
        try life.apply(.diagnosed(seen, TrackRecord()))
        #expect(life.incident.phase.name == "acting")
    }
}
