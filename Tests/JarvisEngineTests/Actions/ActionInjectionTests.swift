// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisEngine

/// Hostile names and values, also where an operator has declared them.
@Suite struct `Actions with hostile text` {
    private static let sizes = [
        "", "0M", "099M", "99M", "65G", "500", "500m", "500M ", " 500M", "5e2M", "+500M", "٥٠٠M", "500M,1G",
    ]

    @Test func `as a name are refused, or hold it as one whole word`() throws {
        let policy = try ShippedPolicy.get()
        for text in try Injections.load() {
            let compose = ComposeService(project: "web", file: "/opt/stacks/web/compose.yml", service: text)
            let project = ComposeService(project: text, file: "/opt/stacks/web/compose.yml", service: "app")
            let file = ComposeService(project: "web", file: text, service: "app")
            let declared = [
                DeclaredTarget(kind: .container, name: text), DeclaredTarget(kind: .unit, name: text),
                DeclaredTarget(kind: .compose, name: "a", compose: compose),
                DeclaredTarget(kind: .compose, name: "b", compose: project),
                DeclaredTarget(kind: .compose, name: "c", compose: file),
            ]
            let host = Host(name: .local, connection: .local, targets: declared)
            for target in declared {
                for action in ActionCatalogue.actions(on: target, of: .local) {
                    guard
                        case .command(let command)? = try? ActionCatalogue.judge(
                            action, in: Inventory([host]), under: policy)
                    else { continue }
                    // What is accepted is one plain word among those of the action.
                    #expect(command.list.isSimple && command.list.pipelines[0].commands[0].words.contains(text))
                    #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !text.hasPrefix("-"))
                }
            }
        }
    }

    @Test func `as a parameter are refused`() throws {
        let policy = try ShippedPolicy.get()
        for text in try Injections.load() + Self.sizes {
            for parameters: Action.Parameters in [[.size: text], [.age: text]] {
                // Also where the operator's own entry says so.
                let declared = DeclaredTarget(
                    kind: .host, name: "local", actions: [HostAction(.journalVacuum, parameters)])
                let inventory = Inventory([Host(name: .local, connection: .local, targets: [declared])])
                #expect(throws: ActionCatalogue.Refusal.self, "\(parameters)") {
                    try ActionCatalogue.judge(
                        Action(.journalVacuum, on: CatalogueLab.hostTarget, parameters), in: inventory, under: policy)
                }
            }
        }
        let specification = try #require(ActionCatalogue.specification(of: .certificateRenew))
        let link = try #require(ActionCatalogue.specification(of: .interfaceRestart))
        let names = ["-x", "", "a b", "a/b", "a;b", "a\nb", ".a", "*.example.org", String(repeating: "a", count: 254)]
        for text in try Injections.load() + names {
            #expect(throws: ActionCatalogue.Refusal.self) { try specification.check([.certificate: text]) }
            #expect(throws: ActionCatalogue.Refusal.self) { try link.check([.interface: text]) }
        }
    }

    @Test(
        arguments: [
            ([.size: "100M"], true), ([.size: "64G"], true), ([.age: "3d"], true), ([.age: "3650d"], true),
            ([.age: "2d"], false), ([.age: "3651d"], false), ([:], false), ([.size: "1G", .age: "3d"], false),
            ([.certificate: "a"], false), ([.size: "1G", .certificate: "a"], false),
        ] as [(Action.Parameters, Bool)])
    func `have exactly one parameter, within its range`(_ parameters: Action.Parameters, _ isAccepted: Bool) throws {
        let specification = try #require(ActionCatalogue.specification(of: .journalVacuum))
        #expect(((try? specification.check(parameters)) != nil) == isAccepted)
        #expect(throws: (any Error).self) { try ActionCatalogue.specification(of: .aptClean)?.check([.size: "1G"]) }
    }

    @Test func `other than what the host allows are refused with what it allows`() throws {
        let action = Action(.journalVacuum, on: CatalogueLab.hostTarget, [.size: "400M"])
        let refusal = #expect(throws: ActionCatalogue.Refusal.self) {
            try ActionCatalogue.judge(action, in: CatalogueLab.inventory(), under: ShippedPolicy.get())
        }
        #expect(
            refusal?.reason
                == "journal.vacuum host local, size 400M is not what host local allows: "
                + "journal.vacuum host local, size 500M")
    }
}
