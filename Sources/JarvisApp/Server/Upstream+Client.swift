// SPDX-License-Identifier: Apache-2.0

import JarvisClients

extension Configuration.Upstream {
    /// A client for the Prometheus at this address.
    func prometheus(_ transport: HTTPTransport) -> PrometheusClient {
        PrometheusClient(
            transport: transport, baseURL: url, authorization: authorization, trust: trust,
            timeouts: OutboundTimeouts(total: timeout))
    }

    /// A client for the Alertmanager at this address.
    func alertmanager(_ transport: HTTPTransport) -> Alertmanager {
        Alertmanager(
            transport: transport, baseURL: url, authorization: authorization, trust: trust,
            timeouts: OutboundTimeouts(total: timeout))
    }

    private var authorization: OutboundHeader? {
        switch authentication {
        case .none: nil
        case .basic(let username, let password): .basic(user: username, password: SecretText(password.reveal()))
        case .bearer(let token): .bearer(SecretText(token.reveal()))
        }
    }

    private var trust: TLSTrust { certificateAuthorityFile.map { .authorities(file: $0) } ?? .system }

    /// What no output may show.
    var secret: Secret? {
        switch authentication {
        case .basic(_, let password): password
        case .bearer(let token): token
        case .none: nil
        }
    }
}
