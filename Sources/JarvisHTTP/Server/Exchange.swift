// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore

/// A complete request on its way to its handler, and the way back.
struct Exchange: Sendable {
    let request: HTTPServerRequest
    let route: Route
    let parameters: PathParameters
    let channel: any Channel
    let service: ConnectionService

    /// Runs the handler and hands its response to the connection, which may be gone by then.
    func serve() async {
        let clock = ContinuousClock()
        let start = clock.now
        let response = await Router.run(route, request, parameters, logger: service.logger)
        service.observer?(
            HTTPServerObservation(
                route: route.pattern, method: request.method, status: response.status, duration: clock.now - start))
        channel.writeAndFlush(response, promise: nil)
        service.budget.giveBack(request.body.count)
        service.registry.release(channel)
    }
}

/// What all connections of a server share.
struct ConnectionService: Sendable {
    let configuration: HTTPServerConfiguration
    let router: @Sendable () -> Router
    let registry: ConnectionRegistry
    let budget: BodyBudget
    let logger: Logger
    let observer: (@Sendable (HTTPServerObservation) -> Void)?
    let submit: @Sendable (Exchange) -> Void
    let secondsSince1970: @Sendable () -> Int
}
