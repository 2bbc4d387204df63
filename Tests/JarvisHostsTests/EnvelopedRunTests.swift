// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import Testing

@testable import CommandPolicy
@testable import JarvisHosts

@Suite struct `What is certain about a run` {
    private let run: EnvelopedRun

    init() throws { run = try EnvelopedRun(judged(["id"]), context(10)) }

    private var begin: String { "jarvis1 \(run.envelope.nonce) begin 1000\n" }
    private func end(_ status: Int) -> String { "\njarvis1 \(run.envelope.nonce) end \(status) 1010\n" }

    private func ending(
        _ standardError: String, _ ending: ChildProcess.Ending = .exited(255), took: Duration = .seconds(1)
    ) -> String {
        let result = ChildProcess.Result(ending: ending, standardOutput: "", standardError: standardError)
        switch run.receipt(result, took: took).ending {
        case .exited(let status): return "exited \(status)"
        case .notStarted(let reason): return "notStarted: \(reason)"
        case .timedOut: return "timedOut"
        case .unknown(let reason): return "unknown: \(reason)"
        }
    }

    @Test func `the host's own word decides, however the client ended`() {
        for client: ChildProcess.Ending in [.exited(0), .exited(255), .signalled(9), .deadlinePassed, .cancelled] {
            #expect(ending(begin + end(7), client) == "exited 7")
        }
    }

    @Test func `a timeout needs the status and the time`() {
        for status in [124, 137, 143] {
            #expect(ending(begin + end(status), took: .seconds(10)) == "timedOut")
            #expect(ending(begin + end(status), took: .milliseconds(9_999)) == "exited \(status)")
        }
        #expect(ending(begin + end(125), took: .seconds(10)) == "exited 125")
    }

    @Test func `without the end mark it is unknown`() {
        #expect(
            ending(begin).hasPrefix(
                "unknown: the connection ended before the command's end was known; the command had begun"))
        #expect(ending("").hasSuffix("it is not known whether the command began"))
        #expect(ending("", .exited(0)).hasPrefix("unknown"))
        #expect(ending(begin, .deadlinePassed) == "unknown: no word from the host in 18.0 s; the command had begun")
        #expect(ending(begin, .cancelled) == "unknown: Jarvis stopped waiting; the command had begun")
    }

    @Test func `it never started only when the client proves that it had no session`() {
        let refused = "mux_client_request_session: session request failed: Session open refused by peer\n"
        #expect(ending(refused + run.noSession + "\n").hasPrefix("notStarted: the host refused a further session"))
        #expect(ending(run.noSession + "\n").hasPrefix("notStarted: the connection was lost before"))
        #expect(ending(refused).hasPrefix("unknown"))
        #expect(ending("jarvis-no-session 00\n").hasPrefix("unknown"))
        #expect(ending(begin + run.noSession + "\n").hasPrefix("unknown"))
        let lost = "mux_client_request_session: read from master failed: Broken pipe\n"
        #expect(ending(lost + run.noSession + "\n").hasPrefix("unknown"))
    }

    @Test func `two runs never share a nonce`() throws {
        let other = try EnvelopedRun(judged(["id"]), context(10))
        #expect(other.envelope.nonce != run.envelope.nonce)
        #expect(other.noSession != run.noSession)
        #expect(!run.line.contains(run.noSession))
    }

    @Test(arguments: [("a\r\nb", "a\nb"), ("\r\r\n", "\r\n"), ("a\rb", "a\rb"), ("", ""), ("é\r\n\r\n", "é\n\n")])
    func `line breaks are plain`(text: String, plain: String) {
        #expect(Array(text.withPlainLineBreaks.utf8) == Array(plain.utf8))
    }
}
