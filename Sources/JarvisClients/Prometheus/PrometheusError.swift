// SPDX-License-Identifier: Apache-2.0
/// Why Prometheus gave no usable answer; an empty result is an answer.
package enum PrometheusError: Error, Equatable, Sendable {
    /// Prometheus refused the request; its message, shortened.
    case badData(message: String)
    /// Prometheus could not execute the query; its message, shortened.
    case execution(message: String)
    /// The query took longer than Prometheus or we allow.
    case timeout
    /// Prometheus or what stands before it answers that it can't serve now.
    case unavailable(status: Int)
    /// The credentials are missing or not accepted.
    case unauthorized(status: Int)
    /// Whatever answers there does not speak Prometheus' API.
    case notPrometheus(status: Int)
    /// The answer is longer than the limit.
    case tooLarge(bytes: Int)
    /// The answer is Prometheus', but a part of it is not what it should be.
    case decode(path: String)
    /// No answer at all.
    case transport(TransportError)
    case cancelled
}

extension PrometheusError {
    /// Whether the same request may succeed later although nobody changes anything.
    package var isRetryable: Bool {
        switch self {
        case .timeout, .unavailable: true
        case .transport(let error): error.isRetryable
        case .badData, .execution, .unauthorized, .notPrometheus, .tooLarge, .decode, .cancelled: false
        }
    }

    /// A word from a small fixed set, fit for a metric label.
    package var shortDescription: String {
        switch self {
        case .badData: "bad_data"
        case .execution: "execution"
        case .timeout: "timeout"
        case .unavailable: "unavailable"
        case .unauthorized: "unauthorized"
        case .notPrometheus: "not_prometheus"
        case .tooLarge: "too_large"
        case .decode: "decode"
        case .transport(let error): error.shortDescription
        case .cancelled: "cancelled"
        }
    }

    init(_ error: TransportError) {
        switch error {
        case .cancelled: self = .cancelled
        case .tooLarge(.body(let bytes), _), .tooLarge(.headers(let bytes), _): self = .tooLarge(bytes: bytes)
        case .timeout(.response, _), .timeout(.body, _): self = .timeout
        default: self = .transport(error)
        }
    }
}

extension PrometheusError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badData(let message): "Prometheus refused the request: \(message)"
        case .execution(let message): "Prometheus could not execute the query: \(message)"
        case .timeout: "Prometheus did not answer in time"
        case .unavailable(let status): "Prometheus is unavailable (HTTP \(status))"
        case .unauthorized(let status): "Prometheus does not accept the credentials (HTTP \(status))"
        case .notPrometheus(let status): "what answers is not Prometheus' API (HTTP \(status))"
        case .tooLarge(let bytes): "Prometheus' answer exceeds \(bytes) bytes"
        case .decode(let path): "Prometheus' answer can't be read at \(path)"
        case .transport(let error): "Prometheus can't be asked: \(error)"
        case .cancelled: "cancelled"
        }
    }
}
