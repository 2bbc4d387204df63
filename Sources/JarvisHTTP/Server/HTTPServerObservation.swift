// SPDX-License-Identifier: Apache-2.0

/// What became of one request, in words fit for metric labels.
package struct HTTPServerObservation: Sendable, Equatable {
    /// The pattern of the route; `nil` when none matched or the request was refused before.
    package var route: String?

    /// The method; `nil` when the request was refused before it was known.
    package var method: HTTPRequestMethod?

    /// The status that was answered.
    package var status: HTTPStatus

    /// From the last byte of the request to the response being ready to send; zero for refused requests.
    package var duration: Duration
}
