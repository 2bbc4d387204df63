// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Reads what `realpath PATH…` printed, by coreutils or BusyBox: a line for each path that leads somewhere, and on
/// standard error one that names each other path with the reason.
enum RealpathOutput {
    /// As both programs put it, in the C locale.
    static let denied = "Permission denied"
    private static let missing: Set<Substring> = ["No such file or directory", "Not a directory"]

    /// What became of each path.
    ///
    /// Throws unless every path is accounted for. Names with a line break make more lines than paths: then none of
    /// them is believed.
    static func read(_ receipt: Receipt, for paths: [String]) throws(Refusal) -> [String: PathResolution.Answer] {
        let status: Int32
        switch receipt.ending {
        case .exited(let number): status = number
        case .notStarted(let reason), .unknown(let reason):
            throw Refusal("where its paths lead can't be seen: \(reason)")
        case .timedOut: throw Refusal("where its paths lead can't be seen: the host did not answer in time")
        }
        let errors = lines(receipt.standardError.verbatim)
        var ends = lines(receipt.standardOutput.verbatim)[...]
        var answers: [String: PathResolution.Answer] = [:]
        for path in paths {
            if let reason = errors.lazy.compactMap({ reason(in: $0, for: path) }).first {
                answers[path] =
                    missing.contains(reason) ? .missing : .unknown(UntrustedText(String(reason)).display(limit: 60))
            } else if let end = ends.popFirst(), isPath(end) {
                answers[path] = .end(String(end))
            } else {
                throw notUnderstood(receipt)
            }
        }
        let allLead = answers.values.allSatisfy { if case .end = $0 { true } else { false } }
        guard ends.isEmpty, allLead == (status == 0) else { throw notUnderstood(receipt) }
        return answers
    }

    /// Whether there is no such program where it was asked for.
    static func isMissing(_ receipt: Receipt) -> Bool {
        receipt.ending == .exited(status: 127) || receipt.ending == .exited(status: 126)
    }

    /// What `readlink -f` said of one path: a line, or nothing.
    static func readOne(_ receipt: Receipt) throws(Refusal) -> PathResolution.Answer {
        let ends = lines(receipt.standardOutput.verbatim)
        if receipt.ending == .exited(status: 1), ends.isEmpty { return .unknown("readlink does not tell why") }
        guard receipt.ending == .exited(status: 0), ends.count == 1, let end = ends.first, isPath(end) else {
            throw notUnderstood(receipt)
        }
        return .end(String(end))
    }

    private static func isPath(_ line: Substring) -> Bool {
        line.first == "/" && line.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func notUnderstood(_ receipt: Receipt) -> Refusal {
        let text = receipt.standardError.verbatim + " " + receipt.standardOutput.verbatim
        return Refusal(
            "where its paths lead can't be seen: the answer was not understood: "
                + UntrustedText(text).display(limit: 200))
    }

    /// By scalar: a carriage return before the line break is part of a name, too.
    private static func lines(_ text: String) -> [Substring] {
        text.unicodeScalars.split(separator: "\n").map(Substring.init)
    }

    /// Coreutils puts a path with a blank or the like in single quotes.
    private static func reason(in line: Substring, for path: String) -> Substring? {
        for head in ["realpath: \(path): ", "realpath: '\(path)': "] where line.hasPrefix(head) {
            return line.dropFirst(head.count)
        }
        return nil
    }
}
