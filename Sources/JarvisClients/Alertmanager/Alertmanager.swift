// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Alertmanager's API (version 2) as the core's way to silences; never retries.
package struct Alertmanager: AlertingControl {
    package let service: APIService
    private let endpoint: ServiceEndpoint

    /// A client of the server at an endpoint.
    package init(_ endpoint: ServiceEndpoint) {
        service = APIService(url: endpoint.baseURL)
        self.endpoint = endpoint
    }

    package var deadlineSeconds: Int { Int((endpoint.timeouts.total / .seconds(1)).rounded(.up)) }

    package func apply(_ change: JudgedSilenceChange) async throws(AlertingError) -> SilenceID {
        switch change.operation {
        case .create:
            var request = request(.post, "silences")
            request.headers.append(OutboundHeader("Content-Type", "application/json"))
            request.body = try AlertmanagerWire.body(of: change)
            let response = try await send(request)
            try AlertmanagerWire.check(response)
            return try AlertmanagerWire.made(response.body)
        case .end(let id):
            let response = try await send(request(.delete, "silence/\(id)"))
            // Not found may also be the word of what stands before it: the look afterwards tells.
            if response.status == 404 { throw .unknown(reason: "Alertmanager does not find the silence") }
            try AlertmanagerWire.check(response)
            // Its own answer is empty; a page, such as one to log in at, is the word of something else.
            guard response.body.isEmpty else {
                throw .unknown(reason: "the answer to the end of a silence is none of Alertmanager's")
            }
            return id
        }
    }

    /// See `AlertingControl.silence`.
    ///
    /// First among those with the labels of the alert, which are few: one that stands there is the one. Otherwise all are
    /// read, so that nothing hangs on how a version, or what only speaks like one, understands a filter, nor on what a
    /// person made of the silence since. A list that is longer than what is read is no answer.
    package func silence(of intent: IntentID, labels: LabelSet) async throws(AlertingError) -> SilenceID? {
        let filter = AlertmanagerWire.filter(labels)
        if !filter.isEmpty {
            do throws(AlertingError) {
                let found = try await find(intent, "silences?\(filter)").first
                if let found, found.status.state != .expired { return try AlertmanagerWire.name(found.id) }
            } catch {
                guard case .refused = error else { throw error }
            }
        }
        return try await find(intent, "silences").first.map { found throws(AlertingError) in
            try AlertmanagerWire.name(found.id)
        }
    }

    /// What was asked for under an intent, that which stands first.
    private func find(_ intent: IntentID, _ path: String) async throws(AlertingError) -> [AlertmanagerWire.Silence] {
        let response = try await send(request(.get, path))
        try AlertmanagerWire.check(response)
        let mark = JudgedSilenceChange.mark(of: intent) + " "
        let found = try AlertmanagerWire.silences(response.body).filter { $0.comment.hasPrefix(mark) }
        return found.filter { $0.status.state != .expired } + found.filter { $0.status.state == .expired }
    }

    package func isStanding(_ silence: SilenceID) async throws(AlertingError) -> Bool {
        let response = try await send(request(.get, "silence/\(silence)"))
        if response.status == 404, response.body.isEmpty { return false }
        try AlertmanagerWire.check(response)
        let found = try AlertmanagerWire.silence(response.body)
        guard found.id == silence.text else {
            throw .unknown(reason: "Alertmanager answers with another silence than the one asked for")
        }
        return found.status.state != .expired
    }

    /// The good answer to a question that changes nothing.
    func look<Value: Decodable>(_ path: String, as type: Value.Type) async throws(AlertingError) -> Value {
        let response = try await send(request(.get, path))
        try AlertmanagerWire.check(response)
        return try AlertmanagerWire.read(type, response.body)
    }

    private func request(_ method: OutboundRequest.Method, _ path: String) -> OutboundRequest {
        endpoint.request("api/v2/\(path)", method: method)
    }

    private func send(_ request: OutboundRequest) async throws(AlertingError) -> OutboundResponse {
        do throws(TransportError) {
            return try await endpoint.send(request)
        } catch {
            let reason = "Alertmanager gave no answer: \(error)"
            throw error.mayHaveArrived ? .unknown(reason: reason) : .notSent(reason: reason)
        }
    }
}
