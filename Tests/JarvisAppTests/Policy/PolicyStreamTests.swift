// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation
import JarvisApp
import JarvisCore
import JarvisTestSupport
import Testing

@Suite struct PolicyStreamTests {
    private func answers(_ input: [UInt8], json: Bool = true) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try Data(input).write(to: source)
        try Data().write(to: target)
        let reading = try FileHandle(forReadingFrom: source)
        let writing = try FileHandle(forWritingTo: target)
        PolicyStream(policy: try ShippedPolicy.get(), inventory: Inventory([]), isJSON: json)
            .run(from: reading.fileDescriptor, to: writing.fileDescriptor)
        let text = String(decoding: try Data(contentsOf: target), as: UTF8.self)
        #expect(text.isEmpty || text.last == "\n")
        return text.split(separator: "\n").map(String.init)
    }

    private struct Answer: Decodable {
        struct Effect: Decodable {
            let verb: String
            let target: String
        }

        let `class`: String
        let undo: String
        let destroys: Bool
        let effects: [Effect]
        let canonical: String?
        let reason: String
        let allowed_on: [String]
    }

    @Test func `every line of input has exactly one line of valid JSON`() throws {
        let lines: [[UInt8]] = [
            Array(#""docker restart web""#.utf8), Array("docker ps".utf8), [], Array(#""\ud800""#.utf8),
            Array(#""\ud83d\ude00""#.utf8), Array(#""\udc00\ud800""#.utf8), Array(#""a\u0000b""#.utf8),
            [0x22, 0xFF, 0x22],
            Array("\"a\tb\"".utf8), Array(#""a" "b""#.utf8), Array(#""\x""#.utf8), Array(#""\u12""#.utf8),
            Array("{}".utf8),
            [0x22] + Array(repeating: 0x61, count: 70_000) + [0x22], Array(#"  "docker ps"  "#.utf8),
            Array(#""docker restart we\u0062""#.utf8),
        ]
        let output = try answers(Array(lines.joined(separator: [0x0A])))
        #expect(output.count == lines.count)
        let decoded = try output.map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
        #expect(
            decoded.map(\.class) == [
                "bounded", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden",
                "forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "observe", "bounded",
            ])
        #expect(decoded[0].effects.map { "\($0.verb) \($0.target)" } == ["restart container/web"])
        #expect(decoded[0].canonical == "'docker' 'restart' 'web'")
        #expect(decoded.filter { $0.class == "forbidden" }.allSatisfy { $0.canonical == nil && !$0.reason.isEmpty })
    }

    @Test func `nothing in is nothing out, and a last line needs no end`() throws {
        #expect(try answers([]).isEmpty)
        #expect(
            try answers(Array("docker ps".utf8), json: false).map { $0.split(separator: "\t").first } == ["observe"])
    }

    @Test func `a target is declared only where the inventory says so`() throws {
        let name = try #require(HostName("nexus"))
        let host = Host(name: name, connection: .local, targets: [DeclaredTarget(kind: .container, name: "web")])
        let policy = try ShippedPolicy.get()
        let inventory = Inventory([host])
        #expect(PolicyAnswer("docker restart web", policy: policy, inventory: inventory).allowedOn == [name])
        #expect(PolicyAnswer("docker restart api", policy: policy, inventory: inventory).allowedOn.isEmpty)
        #expect(PolicyAnswer("docker ps", policy: policy, inventory: inventory).allowedOn == [name])
    }
}
