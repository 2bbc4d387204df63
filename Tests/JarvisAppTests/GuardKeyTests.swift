// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisHosts
import Testing

@testable import JarvisApp

@Suite struct `The key for guards` {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "guard-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func `is made once, for this user alone, and every start is an epoch of its own`() throws {
        try inFolder { folder in
            let first = try GuardKey(in: folder, .new)
            #expect(first.signing.epoch == 1)
            let second = try GuardKey(in: folder, .new)
            #expect(second.signing.epoch == 2 && second.statement == first.statement)
            // The command line beside a server speaks in the server's epoch.
            #expect(try GuardKey(in: folder, .last).signing.epoch == 2)
            // The one that a database gives goes before both.
            #expect(try GuardKey(in: folder, .shared(7)).signing.epoch == 7)
            #expect(try GuardKey(in: folder, .last).signing.epoch == 7)
            #expect(second.signing.sign([1, 2]) == first.signing.sign([1, 2]))
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/guard.key")[.posixPermissions]
            #expect(mode as? Int == 0o600)
            let statement = try String(contentsOfFile: folder + "/guard.pub", encoding: .utf8)
            #expect(statement == first.statement + "\n" && statement.hasPrefix("guard-key "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3)
        }
    }

    @Test(arguments: ["guard.key", "guard.epoch"])
    func `that is damaged is not silently made anew`(_ name: String) throws {
        try inFolder { folder in
            _ = try GuardKey(in: folder, .new)
            try "x".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
            #expect(throws: ServerError.self) { try GuardKey(in: folder, .new) }
        }
    }
}
