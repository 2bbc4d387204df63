// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

/// A raw command and the typed action with the same effect: one judgement.
@Suite struct `A command that is an action` {
    private static let commands = ActionCatalogue.specifications.filter { $0.targetKind != .service }.map(\.name)

    private static func recognise(_ text: String, root: Set<Target.Kind> = [], and more: [DeclaredTarget] = []) throws
        -> CommandRecogniser.Recognised
    {
        try CommandRecogniser.recognise(
            text, for: CatalogueLab.hostTarget, in: CatalogueLab.inventory(root: root, and: more),
            under: ShippedPolicy.get())
    }

    @Test(arguments: commands)
    func `is recognised, and judged the same`(_ name: Action.Name) throws {
        let action = try CatalogueLab.action(name)
        let kind = try #require(ActionCatalogue.specification(of: name)).privilegeKind
        for root in [Set<Target.Kind>(), [kind]] {
            let typed = try ActionCatalogue.judge(
                action, in: CatalogueLab.inventory(root: root), under: ShippedPolicy.get())
            let found = try Self.recognise(typed.canonical, root: root)
            #expect(found.action == action && found.step == typed)
            // Without `sudo`, as somebody writes it by hand.
            let plain = try ActionCatalogue.judge(action, in: CatalogueLab.inventory(), under: ShippedPolicy.get())
            let again = try Self.recognise(plain.canonical, root: root)
            #expect(again.action == action && again.step == typed)
            // Judged again before it runs.
            let step = Plan.Step(
                action: again.action, command: plain.canonical, canonical: again.step.canonical,
                commandClass: again.step.commandClass)
            let inventory = try CatalogueLab.inventory(root: root)
            #expect(try ActionCatalogue.judge(step, in: inventory, under: ShippedPolicy.get()) == typed)
        }
    }

    @Test func `is recognised in other spellings`() throws {
        for (text, name) in [
            ("docker container unpause web", Action.Name.containerUnpause), ("service web reload", .unitReload),
            ("systemctl reload web", .unitReload), ("journalctl --vacuum-size=500M", .journalVacuum),
            ("docker container start web", .containerStart), ("service web start", .unitStart),
        ] {
            #expect(try Self.recognise(text).action == CatalogueLab.action(name), "\(text)")
        }
    }

    /// In other words it would get round what protects the declared container.
    @Test(arguments: [
        "docker compose -f /opt/stacks/other/compose.yml -p web restart app",
        "docker compose -f /opt/stacks/web/compose.yml -p web up -d app",
        "docker compose -p web -f /opt/stacks/web/compose.yml restart app",
    ])
    func `changes a compose service by an action's own words or not at all`(_ text: String) throws {
        #expect(throws: ActionCatalogue.Refusal.self) { try Self.recognise(text) }
    }

    @Test func `is none of the catalogue's when it does more, less or something else`() throws {
        let mount = DeclaredTarget(kind: .unit, name: "mnt-nas.mount")
        for text in [
            "journalctl --vacuum-size=400M", "journalctl --vacuum-time=30d", "docker image prune -af",
            "shutdown -r +5",
            "systemctl stop mnt-nas.mount", "docker pause web", "docker stop web", "systemctl stop web.service",
            "certbot renew", "docker builder prune -f --all",
        ] {
            #expect(try Self.recognise(text, and: [mount]).action.name == .command, "\(text)")
        }
        // The word in front is asked for, and the typed action has none here.
        let asked = try Self.recognise("sudo -n apt-get clean")
        #expect(asked.action.name == .command && asked.step.canonical == "'sudo' '-n' 'apt-get' 'clean'")
        #expect(try Self.recognise("systemctl restart mnt-nas.mount", and: [mount]).action.name == .unitRestart)
    }

    @Test func `is refused on a container or unit that nobody declared`() throws {
        for text in ["docker unpause stranger", "systemctl reload stranger.service"] {
            #expect(throws: ActionCatalogue.Refusal.self) { try Self.recognise(text) }
        }
    }
}
