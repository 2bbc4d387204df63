// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct TargetEdgesTests {
    @Test(.timeLimit(.minutes(1)))
    func `the manifest declares no edge that the architecture forbids`() throws {
        let targets = try Repository.manifest().targets
        #expect(targets.count > 15)
        for target in targets where target.type != "test" && target.type != "system" && target.path == nil {
            guard let rule = TargetRule.all[target.name] else {
                // The small C shims import nothing of ours.
                #expect(
                    target.dependencies.isEmpty, "\(target.name) is in no rule of TargetRule.all: say what it may see")
                continue
            }
            for dependency in target.dependencies where !rule.mayImport.contains(dependency.name) {
                Issue.record("Package.swift: \(target.name) must not depend on \(dependency.name): \(rule.why)")
            }
        }
        // A rule about a target that is gone checks nothing.
        #expect(Set(TargetRule.all.keys).isSubset(of: targets.map(\.name)))
    }

    @Test func `tests are linked into nothing that is shipped`() throws {
        for target in try Repository.manifest().targets
        where target.type != "test" && target.name != "JarvisTestSupport" {
            for dependency in target.dependencies where dependency.name.contains("Test") {
                Issue.record(
                    "Package.swift: \(target.name) must not depend on \(dependency.name): it is for tests only")
            }
        }
    }
}
