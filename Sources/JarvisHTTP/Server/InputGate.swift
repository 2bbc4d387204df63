// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Stands before the parser and decides how many raw bytes it gets to see.
///
/// The parser limits neither the total of a head nor the messages it makes of one buffer. So it is fed in small
/// slices: while a request is being answered nothing is fed at all, and bytes that yield no message (a head, a
/// trailer, a chunk line) are counted and stopped at the limit.
final class InputGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Mode {
        case open
        case holding
        case discarding(bytesLeft: Int)
    }

    /// Bounds what one feed can make the parser emit, and the error in counting when a message ends inside of it.
    private static let sliceLength = 4096

    /// What may arrive unasked for while holding: the system hands over its receive buffer when the peer half-closes.
    private static let maximumHeldBytes = 128 * 1024

    private let limit: Int
    private var mode = Mode.open
    private var held: ByteBuffer?
    private var inputClosed = false
    private var isFeeding = false
    private var context: ChannelHandlerContext?

    /// Bytes the parser has seen since it last emitted something, exact to one slice.
    private(set) var undecodedBytes = 0

    /// Bytes had to be dropped, so the connection cannot be used for another request.
    private(set) var hasOverflowed = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Nothing of a next request has arrived, or only within the slice that the last one ended in.
    var isEmpty: Bool { undecodedBytes == 0 && held == nil }

    /// Nothing is fed until `resume`.
    var isHolding: Bool {
        if case .holding = mode { true } else { false }
    }

    /// Must be called for each message that the parser emits.
    func messageDecoded() {
        undecodedBytes = 0
    }

    /// Feeds nothing until `resume`.
    func hold() {
        if case .open = mode { mode = .holding }
    }

    /// Feeds what is held, then what arrives.
    func resume() {
        guard case .holding = mode else { return }
        mode = .open
        feed()
    }

    /// Drops what is held and whatever arrives; after so many bytes the channel is closed.
    func discard(bytesLeft: Int) {
        mode = .discarding(bytesLeft: bytesLeft)
        held = nil
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch mode {
        case .discarding(let bytesLeft):
            let left = bytesLeft - bytes.readableBytes
            mode = .discarding(bytesLeft: left)
            if left < 0 { context.close(promise: nil) }
        case .holding where (held?.readableBytes ?? 0) + bytes.readableBytes > Self.maximumHeldBytes:
            hasOverflowed = true
        case .open, .holding:
            if held == nil { held = bytes } else { held?.writeBuffer(&bytes) }
            feed()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        inputClosed = true
        feed()
    }

    private func feed() {
        // Feeding can lead to a response, and that to `resume`; the outer loop then goes on.
        guard !isFeeding, let context else { return }
        isFeeding = true
        defer { isFeeding = false }
        while case .open = mode, let slice = nextSlice() {
            undecodedBytes += slice.readableBytes
            context.fireChannelRead(wrapInboundOut(slice))
            if undecodedBytes > limit {
                undecodedBytes = 0
                discard(bytesLeft: .max)
                context.fireErrorCaught(HTTPRejection.headerTooLarge(limit: limit))
            }
        }
        if inputClosed, held == nil {
            inputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func nextSlice() -> ByteBuffer? {
        guard var bytes = held else { return nil }
        let slice = bytes.readSlice(length: min(Self.sliceLength, bytes.readableBytes))
        held = bytes.readableBytes > 0 ? bytes : nil
        return slice
    }
}
