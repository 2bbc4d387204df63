// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import Testing

@testable import JarvisHosts

@Suite struct `What realpath says` {
    private func read(
        _ output: String, _ errors: String = "", status: Int32 = 0, of paths: [String] = ["/a", "/b c", "/c"]
    ) -> [String: PathResolution.Answer]? {
        try? RealpathOutput.read(
            Receipt(ending: .exited(status: status), standardOutput: output, standardError: errors), for: paths)
    }

    @Test func `is taken line by line, by coreutils and BusyBox`() {
        let all = read("/a\n/etc/x\n/c\n")
        #expect(all == ["/a": .end("/a"), "/b c": .end("/etc/x"), "/c": .end("/c")])
        for quoted in ["'/b c'", "/b c"] {
            let some = read(
                "/x\n", "realpath: \(quoted): No such file or directory\nrealpath: /c: Permission denied\n", status: 1)
            #expect(some == ["/a": .end("/x"), "/b c": .missing, "/c": .unknown("Permission denied")])
        }
        #expect(read("", "realpath: /a: Not a directory\n", status: 1, of: ["/a"]) == ["/a": .missing])
        // Programs follow links that are longer than this in all, so it does not mean that there is nothing.
        let long = read("", "realpath: /a: File name too long\n", status: 1, of: ["/a"])
        #expect(long == ["/a": .unknown("File name too long")])
        #expect(read("/\n", "Warning: of something else\n", of: ["/a"]) == ["/a": .end("/")])
    }

    @Test(arguments: [
        ("", 0), ("/a\n", 0), ("/a\n/b\n/c\n/d\n", 0), ("/a\n/b\n/c\n", 1), ("/a\nb\n/c\n", 0), ("/a\n/b\r\n/c\n", 0),
        ("/a\n/é\n/c\n", 0), ("/a\n/b\u{FFFD}\n/c\n", 0), ("/a\n-n\n/c\n", 0), ("/a\n\u{1B}[0m/b\n/c\n", 0),
        ("/a\n\n… 99 bytes left out …\n\n/c\n", 0), ("", 127),
    ])
    func `is believed as a whole or not at all`(_ output: String, _ status: Int32) {
        #expect(read(output, status: status) == nil)
    }

    @Test func `can't be made right again by a name with line breaks`() {
        // One path is missing and the link of another leads to a name of two lines.
        #expect(
            read("/x\n/etc/hosts\n", "realpath: /c: No such file or directory\n", status: 1, of: ["/a", "/c"]) == nil)
        // A line on standard error for a path that was answered, too.
        #expect(read("/a\n", "realpath: /a: No such file or directory\n", status: 0, of: ["/a"]) == nil)
    }

    @Test func `is one line or nothing by readlink`() {
        func read(_ output: String, _ status: Int32) -> PathResolution.Answer? {
            try? RealpathOutput.readOne(Receipt(ending: .exited(status: status), standardOutput: output))
        }
        #expect(read("/a\n", 0) == .end("/a"))
        #expect(read("", 1) == .unknown("readlink does not tell why"))
        for (output, status) in [("", 0), ("/a\n/b\n", 0), ("a\n", 0), ("/é\n", 0), ("/a\n", 1), ("", 127)] {
            #expect(read(output, Int32(status)) == nil, "\(output)")
        }
        #expect(throws: Refusal.self) { try RealpathOutput.readOne(Receipt(ending: .timedOut)) }
    }

    @Test func `is nothing when there is no answer`() {
        let endings: [Receipt.Ending] = [.timedOut, .notStarted(reason: "no way"), .unknown(reason: "lost")]
        for ending in endings {
            #expect(throws: Refusal.self) {
                try RealpathOutput.read(Receipt(ending: ending, standardOutput: "/a\n"), for: ["/a"])
            }
        }
    }
}
