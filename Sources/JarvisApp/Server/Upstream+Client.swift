// SPDX-License-Identifier: Apache-2.0

package import JarvisClients
import JarvisCore

extension Configuration.Upstream {
    /// A client for the Prometheus at this address.
    package func prometheus(_ transport: HTTPTransport) -> PrometheusClient { PrometheusClient(endpoint(transport)) }

    /// A client for the Alertmanager at this address.
    package func alertmanager(_ transport: HTTPTransport) -> Alertmanager { Alertmanager(endpoint(transport)) }

    /// A client for the Loki at this address, whose lines hold no secrets, this configuration's own among them.
    package func loki(_ transport: HTTPTransport, knowing secrets: [String]) -> LokiClient {
        let redactor = Redactor()
        redactor.learn(secrets)
        return LokiClient(endpoint(transport), redactor: redactor)
    }

    private func endpoint(_ transport: HTTPTransport) -> ServiceEndpoint {
        ServiceEndpoint(
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
