// SPDX-License-Identifier: Apache-2.0

/// An error that says what should become of the job that failed with it.
///
/// Errors that do not conform are tried again as the strategy allows.
package protocol JobError: Error {
    /// Whether trying again can help.
    var isRetryable: Bool { get }

    /// The shortest pause before the next try; nil where the strategy alone decides.
    var retryAfter: Duration? { get }
}

extension JobError {
    package var retryAfter: Duration? { nil }
}
