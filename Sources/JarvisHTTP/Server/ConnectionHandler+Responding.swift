// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix

extension ConnectionHandler {
    /// Begins to write a response; nothing more is parsed until it has been written.
    func respond(
        _ response: HTTPServerResponse, method: HTTPRequestMethod?, closesConnection: Bool,
        _ context: ChannelHandlerContext
    ) {
        gate.hold()
        setDeadline(nil, context)
        var response = response
        if let faulty = response.headers.fields.first(where: { !$0.isValid }) {
            service.logger.error(
                "HTTP response with an invalid header field dropped",
                metadata: ["http.field": "\(faulty.name.debugDescription)"])
            response = .error(.internalServerError, "internal error")
        }
        let closes = closesConnection || mustEnd || gate.hasOverflowed
        state = .responding(
            OutgoingResponse(response, method: method, closesConnection: closes, now: service.secondsSince1970()))
        writePiece(context)
    }

    /// The server is ending, or the client has shut its side and every request from before that is answered.
    private var mustEnd: Bool { isDraining || (isInputClosed && pending.isEmpty) }

    private func writePiece(_ context: ChannelHandlerContext) {
        guard case .responding(var response) = state else { return }
        guard let piece = response.nextPiece(context.channel.allocator) else {
            finishResponse(closes: response.closesConnection, context)
            return
        }
        state = .responding(response)
        setDeadline(.now() + TimeAmount(configuration.writeTimeout), context)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(piece)).whenComplete { result in
            handler.value.pieceWritten(result)
        }
    }

    private func pieceWritten(_ result: Result<Void, any Error>) {
        guard let context else { return }
        switch result {
        case .success:
            writePiece(context)
        case .failure:
            context.close(promise: nil)
        }
    }

    private func finishResponse(closes: Bool, _ context: ChannelHandlerContext) {
        // The server may have begun to end while the response was being written.
        if closes || mustEnd {
            linger(context)
            return
        }
        state = .idle
        setDeadline(.now() + TimeAmount(configuration.idleTimeout), context)
        continueWithPendingInput(context)
    }

    private func continueWithPendingInput(_ context: ChannelHandlerContext) {
        // A response that is written at once leads back here, which must not cost a stack frame per request; the loop
        // goes on with the next one.
        guard !isContinuing else { return }
        isContinuing = true
        defer { isContinuing = false }
        while isReadyForInput, gate.isHolding || !pending.isEmpty {
            switch pending.popFirst() {
            case .part(let part):
                receive(part, context)
            case .failure(let rejection):
                reject(rejection, context)
            case nil where isInputClosed:
                context.close(promise: nil)
                return
            case nil:
                gate.resume()
            }
        }
        readIfUseful(context)
    }

    private var isReadyForInput: Bool {
        switch state {
        case .idle, .receiving: true
        case .handling, .responding, .lingering, .closed: false
        }
    }

    /// Shuts our side and drops what still comes, for a while.
    ///
    /// Closing at once with unread bytes in the receive buffer makes the system send a reset, and that can overtake
    /// the response on its way to the client.
    private func linger(_ context: ChannelHandlerContext) {
        pending.removeAll()
        state = .lingering
        if isInputClosed {
            context.close(promise: nil)
            return
        }
        gate.discard(bytesLeft: configuration.maximumLingerBytes)
        setDeadline(.now() + TimeAmount(configuration.lingerTimeout), context)
        context.close(mode: .output, promise: nil)
        context.read()
    }
}
