// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1

/// One connection: takes requests in one at a time and writes their responses.
///
/// Reads only when it can use what comes (`autoRead` is off), so a client that sends faster than it is answered is
/// slowed down by TCP. Every state but `handling` has a deadline.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponse
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Between requests; part of a head may have arrived.
        case idle
        case receiving(IncomingRequest)
        /// A handler is running.
        case handling(method: HTTPRequestMethod, closesConnection: Bool)
        case responding(OutgoingResponse)
        /// Our side is shut; the peer gets a moment to read the last response.
        case lingering
        case closed
    }

    /// What the parser has made of bytes that belong behind the current request.
    enum PendingInput {
        case part(HTTPServerRequestPart)
        case failure(HTTPRejection)
    }

    let service: ConnectionService
    let gate: InputGate
    var state = State.idle
    /// The content of the request being received; beside the state, so that it grows in place.
    var content: [UInt8] = []
    /// At most what one slice of the gate can become.
    var pending: CircularBuffer<PendingInput> = []
    var isContinuing = false
    var isDraining = false
    var isInputClosed = false
    /// The deadline of the next head is running; for a new connection from the start.
    var isHeadTimed = true
    var context: ChannelHandlerContext?
    var deadline: NIODeadline?
    var timer: (task: Scheduled<Void>, time: NIODeadline)?

    init(service: ConnectionService, gate: InputGate) {
        self.service = service
        self.gate = gate
    }

    var configuration: HTTPServerConfiguration { service.configuration }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandonContent()
        state = .closed
        pending.removeAll()
        timer?.task.cancel()
        timer = nil
        service.registry.release(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        gate.messageDecoded()
        let part = unwrapInboundIn(data)
        switch state {
        case .idle, .receiving: receive(part, context)
        case .handling, .responding: pending.append(.part(part))
        case .lingering, .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        readIfUseful(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed:
            isInputClosed = true
            switch state {
            case .idle, .receiving, .lingering: context.close(promise: nil)
            case .handling, .responding, .closed: break
            }
        case is ConnectionRegistry.Drain:
            isDraining = true
            guard case .idle = state, gate.isEmpty else { return }
            // Closing with a request on its way, or here but not read yet, would cut it off without an answer.
            isHeadTimed = false
            setDeadline(.now() + TimeAmount(configuration.lastRequestTimeout), context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let rejection as HTTPRejection: fail(rejection, context)
        case let error as HTTPParserError: fail(HTTPRejection(error), context)
        default: context.close(promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .handling(let method, let closesConnection) = state else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        promise?.succeed(())
        respond(unwrapOutboundIn(data), method: method, closesConnection: closesConnection, context)
    }

    private func start(_ context: ChannelHandlerContext) {
        guard deadline == nil else { return }
        setDeadline(.now() + TimeAmount(configuration.headTimeout), context)
        context.read()
    }

    private func fail(_ rejection: HTTPRejection, _ context: ChannelHandlerContext) {
        switch state {
        case .idle, .receiving: reject(rejection, context)
        case .handling, .responding: pending.append(.failure(rejection))
        case .lingering, .closed: break
        }
    }

    /// Asks for more bytes where the state can use them, and starts the clock of a head that has begun.
    func readIfUseful(_ context: ChannelHandlerContext) {
        switch state {
        case .idle:
            if !isHeadTimed, !gate.isEmpty {
                isHeadTimed = true
                setDeadline(.now() + TimeAmount(configuration.headTimeout), context)
            }
            context.read()
        case .receiving, .lingering:
            context.read()
        case .handling, .responding, .closed:
            break
        }
    }
}

extension TimeAmount {
    /// The span in whole nanoseconds; one too long for the type becomes its longest.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max / 2 : nanoseconds + attoseconds / 1_000_000_000)
    }
}
