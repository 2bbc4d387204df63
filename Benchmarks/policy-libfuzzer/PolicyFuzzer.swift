// SPDX-License-Identifier: Apache-2.0

// Compiled together with the sources of CommandPolicy by scripts/policy-libfuzzer, because only swiftc links the fuzzer.

private let policy = Result { () throws(GrammarFault) in try Policy.shipped() }

/// One input of libFuzzer: whatever the bytes are, judging ends, and what is accepted keeps its promises.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let policy = try? policy.get() else { fatalError("the shipped policy is damaged") }
    if let template = try? CommandTemplate(text) {
        _ = try? template.judge({ label in label.utf8.count % 2 == 0 ? text : "web" }, by: policy)
    }
    guard let judged = try? policy.assess(text) else { return 0 }
    guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { fatalError("accepted: not plain ASCII") }
    guard let again = try? policy.assess(judged.canonical), again == judged else {
        fatalError("the canonical form is judged otherwise: \(judged.canonical)")
    }
    guard let list = try? CommandList(parsing: judged.canonical), list.canonical == judged.canonical else {
        fatalError("the canonical form is printed otherwise: \(judged.canonical)")
    }
    return 0
}
