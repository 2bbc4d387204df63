// SPDX-License-Identifier: Apache-2.0
/// Why Alertmanager gave no usable answer.
package enum AlertmanagerError: Error, Equatable, Sendable {
    /// The request was refused; Alertmanager's message, shortened.
    case refused(status: Int, message: String)
    case unavailable(status: Int)
    case unauthorized(status: Int)
    /// Whatever answers there does not speak Alertmanager's API version 2.
    case notAlertmanager(status: Int)
    case tooLarge(bytes: Int)
    /// No answer at all.
    case transport(TransportError)
    case cancelled
}

extension AlertmanagerError {
    /// Whether the same request may succeed later although nobody changes anything.
    package var isRetryable: Bool {
        switch self {
        case .unavailable: true
        case .transport(let error): error.isRetryable
        case .refused, .unauthorized, .notAlertmanager, .tooLarge, .cancelled: false
        }
    }

    /// A word from a small fixed set, fit for a metric label.
    package var shortDescription: String {
        switch self {
        case .refused: "refused"
        case .unavailable: "unavailable"
        case .unauthorized: "unauthorized"
        case .notAlertmanager: "not_alertmanager"
        case .tooLarge: "too_large"
        case .transport(let error): error.shortDescription
        case .cancelled: "cancelled"
        }
    }

    init(_ error: TransportError) {
        switch error {
        case .cancelled: self = .cancelled
        case .tooLarge(.body(let bytes), _), .tooLarge(.headers(let bytes), _): self = .tooLarge(bytes: bytes)
        default: self = .transport(error)
        }
    }
}

extension AlertmanagerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let status, let message): "Alertmanager refused the request (HTTP \(status)): \(message)"
        case .unavailable(let status): "Alertmanager is unavailable (HTTP \(status))"
        case .unauthorized(let status): "Alertmanager does not accept the credentials (HTTP \(status))"
        case .notAlertmanager(let status): "what answers is not Alertmanager's API (HTTP \(status))"
        case .tooLarge(let bytes): "Alertmanager's answer exceeds \(bytes) bytes"
        case .transport(let error): "Alertmanager can't be asked: \(error)"
        case .cancelled: "cancelled"
        }
    }
}
