// SPDX-License-Identifier: Apache-2.0

import JarvisClients

extension Configuration.Upstream {
    /// A client for the Prometheus at this address.
    func prometheus(_ transport: HTTPTransport) -> PrometheusClient {
        let authorization: OutboundHeader? =
            switch authentication {
            case .none: nil
            case .basic(let username, let password): .basic(user: username, password: SecretText(password.reveal()))
            case .bearer(let token): .bearer(SecretText(token.reveal()))
            }
        return PrometheusClient(
            transport: transport, baseURL: url, authorization: authorization,
            trust: certificateAuthorityFile.map { .authorities(file: $0) } ?? .system,
            timeouts: OutboundTimeouts(total: timeout))
    }
}
