// SPDX-License-Identifier: Apache-2.0

/// Asks a target from outside.
package protocol ServiceProber: Sendable {
    /// Puts the question once, within a few seconds. What can't be asked (a resolver fault, a broken declaration) is
    /// `unanswerable`, a refusal or a wrong answer is `bad`.
    func ask(_ probe: ServiceProbe) async -> ServiceAnswer
}

/// The answer to a probe.
package enum ServiceAnswer: Sendable, Equatable {
    /// It answered as declared.
    case good(String)
    /// It did not answer, or not as declared.
    case bad(String)
    /// The question could not be put.
    case unanswerable(String)
}
