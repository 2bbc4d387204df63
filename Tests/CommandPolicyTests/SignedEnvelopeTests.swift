// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandPolicy

@Suite struct SignedEnvelopeTests {
    static let signature = (0..<64).map { UInt8($0 * 3) }

    static func request(
        _ verb: GuardRequest.Verb = .run, host: String = "nexus", intent: String? = "i-1", under: String? = nil,
        commandClass: CommandClass = .bounded,
        canonical: String = "'docker' 'restart' 'web'"
    ) throws -> GuardRequest {
        try #require(
            GuardRequest(
                verb: verb, host: host, epoch: 7, intent: intent, under: under, expires: 1_760_000_000,
                nonce: EnvelopeTests.nonce,
                deadlineSeconds: 20, commandClass: commandClass, canonical: canonical))
    }

    static func line() throws -> String {
        try #require(SignedEnvelope(try request(), signature: signature)).line
    }

    @Test func `what is printed is read back, whatever the command holds`() throws {
        let requests = [
            try Self.request(), try Self.request(.arm(seconds: 60)), try Self.request(under: "r-1"),
            try Self.request(.confirm, commandClass: .observe, canonical: ""),
            try Self.request(intent: nil, commandClass: .observe, canonical: "'docker' 'ps'"),
            try Self.request(canonical: "'grep' ' -- ' 'sig=AAAA -- x' | 'wc' '-l'"),
            try Self.request(canonical: " -- "),
        ]
        for request in requests {
            let envelope = try #require(SignedEnvelope(request, signature: Self.signature))
            #expect(try SignedEnvelope(parsing: envelope.line) == envelope)
        }
    }

    @Test func `it has one form`() throws {
        #expect(
            try Self.line()
                == "jarvis-guard 1 verb=run host=nexus epoch=7 intent=i-1 expires=1760000000 "
                + "nonce=0123456789abcdef0123456789abcdef deadline=20 grace=5 class=bounded wait=0 under=none "
                + "sig=\(Base64.encode(Self.signature)) -- 'docker' 'restart' 'web'")
    }

    @Test(arguments: [
        ("verb=run", "verb=RUN"), ("verb=run", "verb=arm"), ("verb=run ", ""), ("verb=run", "verb=run verb=run"),
        ("host=nexus", "host="), ("host=nexus", "host=-x"), ("host=nexus", "host=a/b"), ("epoch=7", "epoch=07"),
        ("epoch=7", "epoch=+7"), ("epoch=7", "epoch=-7"), ("epoch=7", "epoch=18446744073709551616"),
        ("epoch=7", "epoch=７"), ("intent=i-1", "intent="), ("intent=i-1", "intent=../x"), ("intent=i-1", "intent=none"),
        ("expires=1760000000", "expires=1e9"), ("expires=1760000000", "expires=-5"), ("nonce=01", "nonce=0A"),
        ("nonce=01", "nonce="), ("deadline=20", "deadline=0"), ("deadline=20", "deadline=99999999"),
        ("grace=5", "grace=0"), ("class=bounded", "class=forbidden"), ("class=bounded", "class=any"),
        ("under=none", "under="), ("under=none", "under=i-1"), ("under=none", "under=../x"), (" under=none", ""),
        ("wait=0", "wait=1"), ("wait=0", "wait=0 x=1"), ("sig=", "sig=="), ("sig=", "sig=AAAA"), ("sig=A", "sig= A"),
        (" -- ", "  -- "), (" -- ", " --  "), (" -- ", "--"), ("jarvis-guard 1", "jarvis-guard 2"),
        ("jarvis-guard 1", " jarvis-guard 1"), ("jarvis-guard 1", "jarvis-guard  1"), ("docker", "dock\ner"),
        ("docker", "dock\u{0}er"), ("docker", "dockér"), ("epoch=7 intent=i-1", "intent=i-1 epoch=7"),
    ])
    func `one that is spelt otherwise is refused, or is another one`(_ old: String, _ new: String) throws {
        let line = try Self.line()
        let changed = line.replacing(old, with: new)
        #expect(changed != line)
        // A blank more in front of the command belongs to the command, which is signed.
        let parsed = try? SignedEnvelope(parsing: changed)
        if old == " -- ", new == " --  " {
            #expect(parsed?.request.canonical.first == " ")
        } else {
            #expect(parsed == nil)
        }
    }

    @Test func `every cut and every changed byte is refused or signs other bytes`() throws {
        let line = try Self.line()
        let original = try SignedEnvelope(parsing: line)
        for length in 0..<line.utf8.count {
            let parsed = try? SignedEnvelope(parsing: String(line.prefix(length)))
            #expect(parsed == nil || parsed?.request.canonical != original.request.canonical)
        }
        for index in line.utf8.indices {
            for replacement: UInt8 in [0x00, 0x20, 0x22, 0x27, 0x2D, 0x30, 0x39, 0x3D, 0x41, 0x61, 0x7F, 0xFF] {
                var bytes = Array(line.utf8)
                let place = line.utf8.distance(from: line.startIndex, to: index)
                guard bytes[place] != replacement else { continue }
                bytes[place] = replacement
                guard let parsed = try? SignedEnvelope(parsing: String(decoding: bytes, as: UTF8.self)) else {
                    continue
                }
                #expect(
                    parsed.request.signedBytes != original.request.signedBytes
                        || parsed.signature != original.signature)
                #expect(parsed.line == String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    @Test func `a thousand random lines made of its own parts are refused or print themselves`() throws {
        let parts = try Self.line().split(separator: " ").map(String.init) + ["--", "sig=", "'", "\u{0}", "=", "1"]
        var seed: UInt64 = 42
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        for _ in 0..<1000 {
            let line = (0..<next(20)).map { _ in parts[next(parts.count)] }.joined(separator: " ")
            if let parsed = try? SignedEnvelope(parsing: line) { #expect(parsed.line == line) }
        }
    }

    @Test func `bytes that are signed tell every value apart`() throws {
        let variants = [
            try Self.request(), try Self.request(.arm(seconds: 60)), try Self.request(under: "r-1"),
            try Self.request(.arm(seconds: 61)),
            try Self.request(host: "nexus2"), try Self.request(intent: "i-12"),
            try Self.request(commandClass: .disruptive),
            try Self.request(canonical: "'docker' 'restart' 'web2'"),
        ]
        let under: [String?] = [nil, "r-1", "r-2"]
        let bytes = try under.map { try Self.request(under: $0).signedBytes }
        #expect(Set(bytes).count == bytes.count)
        #expect(Set(variants.map(\.signedBytes)).count == variants.count)
        #expect(try Self.request().signedBytes.starts(with: [0, 0, 0, 22] + Array("jarvis-guard request 1".utf8)))
    }

    @Test func `a request without meaning can't be made`() {
        func make(_ verb: GuardRequest.Verb, _ intent: String?, _ commandClass: CommandClass, _ canonical: String)
            -> GuardRequest?
        {
            GuardRequest(
                verb: verb, host: "h", epoch: 1, intent: intent, expires: 1, nonce: EnvelopeTests.nonce,
                deadlineSeconds: 1, commandClass: commandClass, canonical: canonical)
        }
        #expect(make(.run, nil, .bounded, "'x'") == nil)
        #expect(make(.run, "none", .bounded, "'x'") == nil)
        #expect(make(.run, "i", .forbidden, "'x'") == nil)
        #expect(make(.run, nil, .observe, "") == nil)
        #expect(make(.arm(seconds: 4), "i", .bounded, "'x'") == nil)
        #expect(make(.arm(seconds: 3601), "i", .bounded, "'x'") == nil)
        #expect(make(.arm(seconds: 60), nil, .observe, "'x'") == nil)
        #expect(make(.confirm, "i", .observe, "'x'") == nil)
        #expect(make(.confirm, nil, .observe, "") == nil)
        #expect(make(.run, nil, .observe, "'x'") != nil)
    }
}

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `gives the answers of RFC 4648`(_ text: String, _ encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm9-", "Zg==Zg==", "=Zg="])
    func `refuses every other spelling`(_ text: String) { #expect(Base64.decode(text) == nil) }

    @Test func `reads back every byte`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
