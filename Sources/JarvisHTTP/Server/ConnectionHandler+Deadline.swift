// SPDX-License-Identifier: Apache-2.0

import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ConnectionHandler {
    /// Replaces the deadline of the current state.
    ///
    /// Deadlines move with every piece of data and are hardly ever reached, so the timer is left alone while it fires
    /// early enough, and looks again when it does.
    func setDeadline(_ time: NIODeadline?, _ context: ChannelHandlerContext) {
        deadline = time
        guard let time else { return }
        if let timer {
            if timer.time <= time { return }
            timer.task.cancel()
        }
        startTimer(time, context)
    }

    private func startTimer(_ time: NIODeadline, _ context: ChannelHandlerContext) {
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = (context.eventLoop.scheduleTask(deadline: time) { handler.value.timerFired() }, time)
    }

    private func timerFired() {
        timer = nil
        guard let context, let deadline else { return }
        if deadline <= .now() {
            deadlinePassed(context)
        } else {
            startTimer(deadline, context)
        }
    }

    private func deadlinePassed(_ context: ChannelHandlerContext) {
        switch state {
        case .idle where gate.isEmpty, .lingering:
            context.close(promise: nil)
        case .idle, .receiving:
            reject(HTTPRejection(.requestTimeout, "the request took too long"), context)
        case .responding:
            reset(context)
        case .handling, .closed:
            break
        }
    }

    /// Closes so that the system drops what the peer has not taken, too, instead of keeping it for minutes.
    private func reset(_ context: ChannelHandlerContext) {
        if let socket = context.channel as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
        }
        context.close(promise: nil)
    }
}
