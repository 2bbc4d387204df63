// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport
import Testing

@testable import CommandPolicy

@Suite struct GrammarTests {
    @Test func `every example of every table is judged as it says`() throws {
        let policy = try ShippedPolicy.get()
        try policy.checkExamples()
        #expect(policy.exampleCount > 200)
    }

    @Test func `every form and every program of the shipped tables is shown by examples`() throws {
        let missing = try ShippedPolicy.get().missingExamples()
        #expect(missing.isEmpty, "\(missing.map(\.description).joined(separator: "; "))")
        for (name, text) in ShippedTables.all {
            #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A }, "\(name) is not ASCII")
        }
    }

    @Test(arguments: [
        "docker ps : observe", "program x : posix", "program x\nx : forbidden", "program x\nx : observe, does restart",
        "program x\nx : bounded", "program x\nx NOTYPE : observe", "program x\nx (a : observe",
        "program x\nx [a : observe",
        "program x\nx : observe\n  -a --b NOTYPE", "program x\nx : observe\n  -a, -a", "program x\nprogram x",
        "program x\nx : observe\n  -a !none", "  -a", "program x\n  -a", "program x\nx a", "program x\nx NAME ...",
        "program x\nx : observe, filters", "program x\nx : bounded, does nothing",
    ])
    func `a faulty table names its line`(_ text: String) {
        let fault = #expect(throws: GrammarFault.self, "\(text.debugDescription)") {
            try GrammarCompiler.compile([("test", text)])
        }
        #expect(fault?.table == "test")
        #expect((fault?.line ?? 0) > 0)
    }

    private static let table = """
        program tool : gnu

        tool ...
          -v --verbose

        tool show [NAME...] : observe
          -a --all, -n --lines NUMBER, -s --since TIME, --color[={never}]

        tool restart NAME : bounded, undo no, does restart
          -t --time NUMBER, -f --force !highRisk
          with -t | -f

        tool restart special : highRisk, does restart

        program worded : words

        worded (a|b) [dev NAME] [-x] : observe
          -y, -z NUMBER
        """

    @Test(arguments: [
        ("tool show", CommandClass.observe), ("tool -v show -an5 x", .observe), ("tool show x -n 5", .observe),
        ("tool show --lines=5 --all", .observe), ("tool show -n5a", .forbidden), ("tool show --lines", .forbidden),
        ("tool show --line=5", .forbidden), ("tool show -b", .forbidden), ("tool show --all=x", .forbidden),
        ("tool show --color=never", .observe), ("tool show --color never", .observe),
        ("tool show --color=x", .forbidden),
        ("tool show -s -15min", .observe), ("tool show -- x", .observe), ("tool show -- -a", .forbidden),
        ("tool show -", .forbidden), ("tool restart x -t 5", .bounded), ("tool restart x", .forbidden),
        ("tool restart x -f", .highRisk), ("tool restart x y -t 1", .forbidden), ("tool restart special", .highRisk),
        ("tool restart special -t 1", .forbidden), ("tool", .forbidden), ("tool -v", .forbidden),
        ("tool what", .forbidden),
        ("worded a", .observe), ("worded b dev x -y", .observe), ("worded a -y -z 5", .observe),
        ("worded -y a", .forbidden), ("worded a -x", .observe),
        ("worded a -yz 5", .forbidden), ("worded a dev", .forbidden), ("worded c", .forbidden),
        ("worded a -z", .forbidden),
    ])
    func `options and operands are read as the program reads them`(_ text: String, _ wanted: CommandClass) throws {
        let policy = Policy(
            table: try GrammarCompiler.compile([("test", Self.table)]), settings: PolicySettings(),
            denials: try DenyList("", name: "none"))
        #expect(ShippedPolicyText.classOf(text, policy) == wanted)
    }
}
