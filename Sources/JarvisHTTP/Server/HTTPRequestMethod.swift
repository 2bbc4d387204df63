// SPDX-License-Identifier: Apache-2.0

/// A request method the server knows.
///
/// Any other method is answered with 501 (RFC 9110, section 9.1) before a route is looked for.
package enum HTTPRequestMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
}
