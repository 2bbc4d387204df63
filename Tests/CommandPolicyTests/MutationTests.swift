// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport
import Testing

@testable import CommandPolicy

/// The gate's own parts are removed one by one: a test must notice each.
@Suite struct MutationTests {
    @Test func `every table is needed by a command of the corpora`() throws {
        let legitimate = try Corpus.legitimate()
        for removed in ShippedTables.all {
            // Without a table on which others build nothing compiles, and nothing is judged at all.
            guard let table = try? GrammarCompiler.compile(ShippedTables.all.filter { $0.name != removed.name }) else {
                continue
            }
            let policy = Policy(
                table: table, settings: try .unconfigured(),
                denials: try DenyList(DenyList.shippedText, name: "denials.txt"))
            let lost = legitimate.contains { entry in
                CorpusTests.disputed[entry.id] == nil
                    && !entry.isMet(by: ShippedPolicyText.classOf(entry.command, policy))
            }
            #expect(lost, "without '\(removed.name)' no command of the corpora is missed")
        }
    }

    /// A protected name is judged otherwise when it is not protected; what the tables refuse of themselves aside.
    @Test func `every protection changes a judgement`() throws {
        let shipped = try ShippedPolicy.get()
        for (kind, names) in shipped.settings.protection.levels {
            for name in names.keys {
                var protection = shipped.settings.protection
                protection.levels[kind]?[name] = nil
                protection.statefulWords = []
                let isNoticed = Effect.Verb.allCases.filter { $0 != .observe }.contains { verb in
                    let effect = Effect(verb, kind, name)
                    let with = try? shipped.settings.protection.judge(effect, .bounded)
                    return with != (try? protection.judge(effect, .bounded))
                }
                #expect(isNoticed || name.hasPrefix("systemd-") || kind == .stack, "\(kind) \(name)")
            }
        }
    }

    /// Commands that only the settings keep from running unattended.
    @Test(arguments: [
        "systemctl restart ssh", "systemctl restart sshd.service", "systemctl restart NetworkManager",
        "systemctl restart wg-quick@wg0", "docker restart jarvis", "docker restart app-postgres",
        "docker stop prometheus",
        "docker compose restart postgres", "systemctl stop node_exporter", "docker restart wireguard",
    ])
    func `without settings a protected thing would run unattended or be stopped`(_ command: String) throws {
        let shipped = try ShippedPolicy.get()
        var settings = shipped.settings
        settings.protection = Protection()
        let bare = ShippedPolicyText.classOf(command, shipped.with(settings))
        #expect(ShippedPolicyText.classOf(command, shipped) > bare, "\(command): \(bare.rawValue)")
    }
}
