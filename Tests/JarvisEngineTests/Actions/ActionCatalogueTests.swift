// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisEngine

/// What is stated about actions, held to what the policy and the probes really do.
@Suite struct `The catalogue of actions` {
    /// The text that a host gets, without and with root.
    private static let texts: [Action.Name: String] = [
        .containerStart: "docker start web", .containerRestart: "docker restart web",
        .containerUnpause: "docker unpause web", .unitStart: "systemctl start web.service",
        .unitRestart: "systemctl restart web.service", .unitReload: "systemctl reload web.service",
        .serviceStart: "start service canary: '/bin/canary'", .serviceRestart: "restart service canary: '/bin/canary'",
        .composeRestart: "docker compose -f /opt/stacks/web/compose.yml -p web restart app",
        .composeUp: "docker compose -f /opt/stacks/web/compose.yml -p web up -d --no-deps --no-build app",
        .journalVacuum: "journalctl --vacuum-size 500M", .dockerPruneImages: "docker image prune -f",
        .dockerPruneBuildCache: "docker builder prune -f", .logsRotate: "logrotate /etc/logrotate.conf",
        .aptClean: "apt-get clean", .dnsFlush: "resolvectl flush-caches", .timeSync: "chronyc makestep",
        .certificateRenew: "certbot renew -n --no-random-sleep-on-renew --cert-name www.example.org",
        .interfaceRestart: "networkctl reconfigure eth1", .hostReboot: "shutdown -r +1",
    ]

    private static func judge(_ action: Action, root: Set<Target.Kind> = []) throws -> JudgedStep {
        try ActionCatalogue.judge(
            action, in: CatalogueLab.inventory(root: root), under: ShippedPolicy.get())
    }

    @Test func `has every name exactly once, and no command among them`() {
        #expect(ActionCatalogue.specifications.map(\.name) == Action.Name.typed)
        #expect(Set(Self.texts.keys) == Set(Action.Name.typed))
        #expect(ActionCatalogue.specification(of: .command) == nil)
        #expect(ActionCatalogue.deadlineSeconds(of: .command) == 120)
    }

    @Test(arguments: Action.Name.typed)
    func `states the class and the effect that the policy sees`(_ name: Action.Name) throws {
        let specification = try #require(ActionCatalogue.specification(of: name))
        let step = try Self.judge(try CatalogueLab.action(name))
        #expect(step.commandClass == specification.commandClass)
        guard case .command(let command) = step else {
            #expect(specification.targetKind == .service)
            return
        }
        #expect(command.effects.map(\.verb) == [specification.effect.verb])
        #expect(command.effects.map(\.kind) == [specification.effect.kind])
        // Nothing but a person's decision can be more than what is noticed for a while.
        #expect(specification.commandClass < .highRisk || [.hostReboot, .interfaceRestart].contains(name))
    }

    @Test(arguments: Action.Name.typed)
    func `gives each host its words, with root where that is said of the kind`(_ name: Action.Name) throws {
        let specification = try #require(ActionCatalogue.specification(of: name))
        let action = try CatalogueLab.action(name)
        let text = try #require(Self.texts[name])
        guard specification.targetKind != .service else {
            #expect(try Self.judge(action, root: Set(Target.Kind.allCases)).canonical == text)
            return
        }
        let plain = text.split(separator: " ").map { "'\($0)'" }.joined(separator: " ")
        #expect(try Self.judge(action).canonical == plain)
        let others = Set(Target.Kind.allCases).subtracting([specification.privilegeKind])
        #expect(try Self.judge(action, root: others).canonical == plain)
        #expect(try Self.judge(action, root: [specification.privilegeKind]).canonical == "'sudo' '-n' \(plain)")
    }

    @Test(arguments: Action.Name.typed)
    func `states an undo that the policy agrees with`(_ name: Action.Name) throws {
        let specification = try #require(ActionCatalogue.specification(of: name))
        switch specification.undo {
        case .restores(let fields):
            #expect(!fields.isEmpty && specification.snapshot == fields)
            let action = try CatalogueLab.action(name)
            let inventory = try CatalogueLab.inventory()
            let declaration = try #require(inventory.declaration(of: action.target))
            let policy = try ShippedPolicy.get()
            let planned = Restoration.planned(for: action, in: inventory, under: policy)
            guard specification.operation != .service(.start) else {
                #expect(planned?.canonical.hasPrefix("stop service") == true)
                return
            }
            let words = try #require(specification.inverse)
            let inverse = try policy.judge(words: words.flatMap { try $0.words(for: action, declaration) })
            guard case .command(let command) = try Self.judge(action) else { throw CatalogueLab.Missing() }
            #expect(command.undo == .yes && inverse.undo != .no && !inverse.destroys)
            #expect(inverse.effects.map(\.target) == command.effects.map(\.target))
            #expect(inverse.effects.map(\.verb) != command.effects.map(\.verb))
            #expect(planned?.canonical == inverse.canonical, "what an undo runs is what is stated")
        case .nothingToRestore(let reason), .impossible(let reason):
            #expect(reason.count > 20 && specification.snapshot.isEmpty && specification.inverse == nil)
        }
        if case .command(let command) = try Self.judge(try CatalogueLab.action(name)), command.destroys {
            guard case .impossible = specification.undo else {
                Issue.record("what is destroyed can't be had back")
                return
            }
        }
    }

    @Test(arguments: Action.Name.typed)
    func `says what shows that it worked, or why nothing does`(_ name: Action.Name) throws {
        let specification = try #require(ActionCatalogue.specification(of: name))
        let target = try CatalogueLab.action(name).target
        let inventory = try CatalogueLab.inventory()
        let probe = TargetProbe.step(for: target, in: inventory, under: try ShippedPolicy.get())
        switch specification.effectiveness {
        case .targetProbe: #expect(probe?.commandClass == .observe && TargetProbe.exists(for: target, in: inventory))
        case .noProbe(let reason): #expect(probe == nil && reason.contains("unknown"))
        }
        #expect(specification.expectedSeconds < specification.deadlineSeconds)
        let look = LastLines.step(before: try CatalogueLab.action(name), in: inventory, under: try ShippedPolicy.get())
        #expect((look != nil) == (specification.endsRun && specification.targetKind != .service))
    }

    @Test(arguments: Action.Name.typed)
    func `does nothing to what is not declared, and on a host only what it lists`(_ name: Action.Name) throws {
        let action = try CatalogueLab.action(name)
        let policy = try ShippedPolicy.get()
        let strangers = [
            Target(host: CatalogueLab.host, kind: action.target.kind, name: "stranger"),
            Target(host: try #require(HostName("elsewhere")), kind: action.target.kind, name: action.target.name),
        ]
        for target in strangers {
            #expect(throws: ActionCatalogue.Refusal.self) {
                try Self.judge(Action(name, on: target, action.parameters))
            }
        }
        for kind in Target.Kind.allCases where kind != action.target.kind {
            let other = try #require(ActionCatalogue.specifications.first { $0.targetKind == kind })
            let target = try CatalogueLab.action(other.name).target
            #expect(throws: ActionCatalogue.Refusal.self) {
                try Self.judge(Action(name, on: target, action.parameters))
            }
        }
        guard action.target.kind == .host else { return }
        let rest = CatalogueLab.hostActions.filter { $0.name != name }
        let narrow = Inventory([
            Host(
                name: .local, connection: .local,
                targets: [DeclaredTarget(kind: .host, name: "local", actions: rest)])
        ])
        let bare = Inventory([Host(name: .local, connection: .local)])
        for inventory in [narrow, bare] {
            let refusal = #expect(throws: ActionCatalogue.Refusal.self) {
                try ActionCatalogue.judge(action, in: inventory, under: policy)
            }
            #expect(refusal?.reason.contains("\(name.rawValue) is not among the actions of host local") == true)
        }
    }

    @Test func `leaves protected targets protected`() throws {
        let more: [DeclaredTarget] = [
            DeclaredTarget(kind: .container, name: "jarvis"), DeclaredTarget(kind: .container, name: "app-postgres"),
            DeclaredTarget(kind: .unit, name: "ssh.service"), DeclaredTarget(kind: .unit, name: "docker.service"),
            DeclaredTarget(kind: .unit, name: "wg-quick@wg0.service"),
            DeclaredTarget(kind: .unit, name: "mnt-nas.mount"),
            CatalogueLab.compose("db"), CatalogueLab.compose("app", project: "jarvis"),
            CatalogueLab.compose("app", project: "vault"), CatalogueLab.compose("store", container: "app-postgres"),
            CatalogueLab.compose("own", container: "jarvis"), CatalogueLab.compose("seen", container: "prometheus"),
        ]
        let inventory = try CatalogueLab.inventory(and: more)
        func commandClass(_ name: Action.Name, _ kind: Target.Kind, _ target: String) throws -> CommandClass? {
            let action = Action(name, on: Target(host: CatalogueLab.host, kind: kind, name: target))
            return try? ActionCatalogue.judge(action, in: inventory, under: try ShippedPolicy.get()).commandClass
        }
        #expect(try commandClass(.containerRestart, .container, "jarvis") == .highRisk)
        #expect(try commandClass(.containerUnpause, .container, "jarvis") == nil)
        #expect(try commandClass(.containerStart, .container, "app-postgres") == .highRisk)
        for name in [Action.Name.unitStart, .unitRestart, .unitReload] {
            #expect(try commandClass(name, .unit, "ssh.service") == nil)
            #expect(try commandClass(name, .unit, "wg-quick@wg0.service") == .highRisk)
        }
        #expect(try commandClass(.unitRestart, .unit, "docker.service") == .highRisk)
        #expect(try commandClass(.unitReload, .unit, "docker.service") == .bounded)
        #expect(try commandClass(.unitRestart, .unit, "mnt-nas.mount") == .highRisk)
        #expect(try commandClass(.composeRestart, .compose, "web/db") == .highRisk)
        #expect(try commandClass(.composeUp, .compose, "web/db") == .highRisk)
        #expect(try commandClass(.composeRestart, .compose, "jarvis/app") == .highRisk)
        #expect(try commandClass(.composeUp, .compose, "jarvis/app") == nil)
        #expect(try commandClass(.composeRestart, .compose, "vault/app") == nil)
        // Another name does not take the protection of the container away.
        for name in [Action.Name.composeRestart, .composeUp] {
            #expect(try commandClass(name, .compose, "web/store") == nil)
            #expect(try commandClass(name, .compose, "web/own") == nil)
        }
        #expect(try commandClass(.composeRestart, .compose, "web/seen") == .bounded)
        #expect(try commandClass(.composeUp, .compose, "web/seen") == nil)
    }

    @Test func `refuses an action whose command the owner's own tables take for something else`() throws {
        let own = try ShippedPolicy.get().reading("refuse docker unpause\n", name: "own")
        #expect(throws: ActionCatalogue.Refusal.self) {
            try ActionCatalogue.judge(
                try CatalogueLab.action(.containerUnpause), in: CatalogueLab.inventory(), under: own)
        }
    }
}
