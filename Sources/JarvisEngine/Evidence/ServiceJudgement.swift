// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Decides what the answers from outside a target prove.
package enum ServiceJudgement {
    /// One signal for all probes of a target; nil when it has none.
    package static func signal(for answers: [ServiceAnswer], of target: Target, observedAt: Date) -> Signal? {
        guard !answers.isEmpty else { return nil }
        var reading = Signal.Reading.good
        var details: [String] = []
        for answer in answers {
            switch answer {
            case .good(let detail): details.append(detail)
            case .bad(let detail):
                reading = .bad
                details.append(detail)
            case .unanswerable(let detail):
                if reading == .good { reading = .unknown }
                details.append(detail)
            }
        }
        return Signal(
            kind: .service, source: "answer of \(target)", reading: reading, detail: details.joined(separator: "; "),
            observedAt: observedAt)
    }
}
