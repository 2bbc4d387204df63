// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Judges a stream of commands, one a line, with exactly one line of output for every line of input.
package struct PolicyStream: Sendable {
    /// Longer lines are answered with a refusal without being kept.
    static let maximumLine = 1 << 16

    private let policy: Policy
    private let inventory: Inventory
    private let isJSON: Bool

    /// With `isJSON` each line is one JSON string and each answer one JSON object; else plain text, and the class,
    /// the command and the reason separated by tabs.
    package init(policy: Policy, inventory: Inventory, isJSON: Bool) {
        self.policy = policy
        self.inventory = inventory
        self.isJSON = isJSON
    }

    /// Reads one descriptor to its end and writes to another; ends early when nobody reads any more.
    package func run(from input: Int32, to output: Int32) {
        var answers: [UInt8] = []
        var pending: [UInt8] = []
        var isTooLong = false
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(input, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            var rest = chunk[..<count]
            while let end = rest.firstIndex(of: 0x0A) {
                pending += rest[..<end]
                answer(isTooLong ? nil : pending[...], to: &answers)
                pending.removeAll(keepingCapacity: true)
                isTooLong = false
                rest = rest[(end + 1)...]
            }
            pending += rest
            if pending.count > Self.maximumLine {
                isTooLong = true
                pending.removeAll(keepingCapacity: true)
            }
            guard Self.flush(&answers, to: output) else { return }
        }
        if !pending.isEmpty || isTooLong { answer(isTooLong ? nil : pending[...], to: &answers) }
        _ = Self.flush(&answers, to: output)
    }

    private func answer(_ line: ArraySlice<UInt8>?, to output: inout [UInt8]) {
        let text = line.flatMap { isJSON ? JSONText.read($0) : String(validating: $0, as: UTF8.self) }
        let answer: PolicyAnswer
        if let text {
            answer = PolicyAnswer(text, policy: policy, inventory: inventory)
        } else if line == nil {
            answer = PolicyAnswer(refused: "the line is longer than \(Self.maximumLine) bytes")
        } else {
            answer = PolicyAnswer(refused: isJSON ? "the line is not one JSON string" : "the line is not UTF-8")
        }
        if isJSON {
            answer.writeJSON(to: &output)
        } else {
            let shown = UntrustedText(text ?? "").display(limit: 4096)
            output += "\(answer.commandClass.rawValue)\t\(shown)\t\(answer.reason)\n".utf8
        }
    }

    private static func flush(_ bytes: inout [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        bytes.removeAll(keepingCapacity: true)
        return true
    }
}
