// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1

/// A request whose content is still coming.
struct IncomingRequest {
    let head: RequestHead
    let match: RouteMatch
    let bodyLimit: Int
    /// When the whole content must be there.
    let deadline: NIODeadline
}

extension ConnectionHandler {
    func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, state) {
        case (.head(let head), .idle):
            receiveHead(head, context)
        case (.body(let bytes), .receiving(let request)):
            receiveBody(bytes, request, context)
        case (.end, .receiving(let request)):
            finish(request, context)
        default:
            break
        }
    }

    /// Refuses the request being received; its rest is not read, so the connection ends.
    func reject(_ rejection: HTTPRejection, _ context: ChannelHandlerContext) {
        abandonContent()
        service.logger.debug(
            "HTTP request refused",
            metadata: ["http.status": "\(rejection.status.rawValue)", "reason": "\(rejection.message)"])
        observe(rejection, method: nil)
        respond(HTTPServerResponse(rejection), method: nil, closesConnection: true, context)
    }

    /// Gives the content received so far back to the budget when the request comes to nothing.
    func abandonContent() {
        service.budget.giveBack(content.count)
        content = []
    }

    private func receiveHead(_ parsed: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isHeadTimed = false
        do throws(HTTPRejection) {
            let head = try RequestHead(parsed, configuration: configuration)
            let match = service.router().match(head.method, head.target.segments)
            var limit = configuration.maximumBodyBytes
            switch match {
            // The content of a request that goes nowhere is not worth reading.
            case .refused(let rejection) where head.framing != .none: throw rejection
            case .found(let route, _): limit = route.bodyLimit ?? limit
            case .refused: break
            }
            if case .length(let length) = head.framing, length > limit { throw .contentTooLarge(limit: limit) }
            let request = IncomingRequest(
                head: head, match: match, bodyLimit: limit,
                deadline: .now() + TimeAmount(configuration.bodyTimeout))
            state = .receiving(request)
            if head.framing != .none { setBodyDeadline(request, context) }
            if head.expectsContinue {
                let interim = context.channel.allocator.buffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
                context.writeAndFlush(wrapOutboundOut(interim), promise: nil)
            }
        } catch {
            reject(error, context)
        }
    }

    private func receiveBody(_ bytes: ByteBuffer, _ request: IncomingRequest, _ context: ChannelHandlerContext) {
        guard content.count + bytes.readableBytes <= request.bodyLimit else {
            reject(.contentTooLarge(limit: request.bodyLimit), context)
            return
        }
        guard service.budget.take(bytes.readableBytes) else {
            let retry: HTTPHeaderFields = ["Retry-After": "5"]
            reject(HTTPRejection(.serviceUnavailable, "too much is being received", headers: retry), context)
            return
        }
        content.append(contentsOf: bytes.readableBytesView)
        setBodyDeadline(request, context)
    }

    private func finish(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
        let head = request.head
        gate.hold()
        setDeadline(nil, context)
        switch request.match {
        case .refused(let rejection):
            observe(rejection, method: head.method)
            respond(
                HTTPServerResponse(rejection), method: head.method, closesConnection: head.closesConnection, context)
        case .found(let route, let parameters):
            state = .handling(method: head.method, closesConnection: head.closesConnection)
            service.registry.retain(context.channel)
            let body = content
            // From here on the exchange owns the content, and gives it back to the budget.
            content = []
            service.submit(
                Exchange(
                    request: HTTPServerRequest(
                        method: head.method, target: head.target, headers: head.headers, body: body,
                        remoteAddress: context.channel.remoteAddress?.bareAddress ?? ""),
                    route: route, parameters: parameters, channel: context.channel, service: service))
        }
    }

    private func setBodyDeadline(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
        let progress = NIODeadline.now() + TimeAmount(configuration.bodyProgressTimeout)
        setDeadline(min(progress, request.deadline), context)
    }

    private func observe(_ rejection: HTTPRejection, method: HTTPRequestMethod?) {
        service.observer?(
            HTTPServerObservation(route: nil, method: method, status: rejection.status, duration: .zero))
    }
}

extension SocketAddress {
    /// The IP address without port; an IPv4 address that came in over an IPv6 socket is shown as IPv4.
    fileprivate var bareAddress: String {
        let address = ipAddress ?? ""
        return address.hasPrefix("::ffff:") && address.contains(".") ? String(address.dropFirst(7)) : address
    }
}
