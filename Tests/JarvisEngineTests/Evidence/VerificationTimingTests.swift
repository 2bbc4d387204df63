// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

@Suite struct VerificationTimingTests {
    static let windows: [(scrape: Double?, probed: Double, unprobed: Double)] = [
        (nil, 10, 30), (0, 10, 30), (1, 10, 30), (5, 15, 30), (15, 45, 45), (60, 180, 180), (150, 450, 450),
        (151, 10, 30), (3_600, 10, 30), (.infinity, 10, 30), (.nan, 10, 30), (-60, 10, 30),
    ]

    @Test(arguments: windows)
    func `the window is three scrapes and never endless`(_ scrape: Double?, _ probed: Double, _ unprobed: Double) {
        let timing = ObservationTiming(scrapeInterval: scrape)
        #expect(VerificationTiming.stabilityWindow(timing, hasTargetProbe: true) == probed)
        #expect(VerificationTiming.stabilityWindow(timing, hasTargetProbe: false) == unprobed)
    }

    @Test func `what is known to recur is watched for longer than its period`() {
        func window(_ timing: ObservationTiming, restarts: Bool = false, respite: Double? = nil) -> Double {
            VerificationTiming.stabilityWindow(
                timing, hasTargetProbe: true, restartsByItself: restarts, respite: respite)
        }
        #expect(window(.init(recurrence: 20)) == 30)
        #expect(window(.init(recurrence: 300)) == 450)
        #expect(window(.init(recurrence: 400)) == 450)
        // Slower than that is for the relapse watch.
        #expect(window(.init(recurrence: 601)) == 10)
        #expect(window(.init(recurrence: .nan)) == 10)
        #expect(window(.init(scrapeInterval: 60, recurrence: 20)) == 180)
        #expect(window(.init(), restarts: true) == 60)
        #expect(window(.init(), respite: 30) == 60)
        #expect(window(.init(scrapeInterval: 30), respite: 30) == 180)
        #expect(window(.init(), respite: 7_000) == 10)
        #expect(window(.init(), respite: -1_000) == 15)
        #expect(window(.init(), respite: .nan) == 10)
    }

    /// SPEC section 16, trap 2: verification shorter than many rules' own `for`.
    @Test func `trap 2: the deadline follows the rule, within 2 to 15 minutes`() {
        let table: [(ObservationTiming, Double)] = [
            (.init(), 120), (.init(scrapeInterval: 60, evaluationInterval: 60), 360),
            (.init(scrapeInterval: 15, evaluationInterval: 15, longestRange: 300), 375),
            (.init(scrapeInterval: 15, evaluationInterval: 15, keepFiringFor: 300, longestRange: 300), 675),
            (.init(longestRange: 86_400), 900), (.init(scrapeInterval: 150), 900), (.init(scrapeInterval: 1e9), 900),
            (.init(scrapeInterval: .infinity), 900), (.init(keepFiringFor: .nan), 900),
            (.init(evaluationInterval: -1e9), 120),
        ]
        for (timing, expected) in table {
            let window = VerificationTiming.stabilityWindow(timing, hasTargetProbe: true)
            let deadline = VerificationTiming.deadline(timing, window: window)
            #expect(deadline == expected, "\(timing)")
            #expect(deadline >= 2 * window)
        }
    }

    @Test func `looks begin often and never stop backing off before 15 s`() {
        let pauses = (0...200).map { VerificationTiming.pause(afterRound: $0) }
        #expect(pauses == pauses.sorted())
        #expect(pauses.first == 1)
        #expect(pauses.last == 15)
    }
}
