// SPDX-License-Identifier: Apache-2.0
import CCurl
import CCurlShim
import Synchronization

/// The one place where callers and the transport's thread meet: orders go in, the thread takes them out.
///
/// The thread is started with the first order. It is woken while the lock is held, so that the multi handle can't be
/// freed between the look at it and the call.
final class CurlMailbox: Sendable {
    enum Order: Sendable {
        case start(Submission)
        case cancel(UInt64)
        case stop
    }

    private enum Phase {
        case idle
        case running(multi: UnsafeMutableRawPointer)
        case stopping(multi: UnsafeMutableRawPointer)
        case stopped
    }

    private struct State {
        var phase = Phase.idle
        var orders: [Order] = []
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let configuration: HTTPTransport.Configuration

    init(configuration: HTTPTransport.Configuration) { self.configuration = configuration }

    /// Hands over a request; after shutdown its caller gets the error at once.
    func start(_ submission: Submission) {
        let refusal: TransportError? = state.withLock { state in
            switch state.phase {
            case .stopping, .stopped: return .shutdown
            case .idle:
                guard let multi = CurlLoop.launch(mailbox: self, configuration: configuration) else {
                    return .other(code: Int(CURLE_FAILED_INIT.rawValue), submission.address.peer)
                }
                state.phase = .running(multi: multi)
                state.orders.append(.start(submission))
            case .running(let multi):
                state.orders.append(.start(submission))
                curl_multi_wakeup(multi)
            }
            return nil
        }
        if let refusal { submission.fail(refusal) }
    }

    /// Asks for the end of a request; one that has ended already is not touched.
    func cancel(_ id: UInt64) {
        state.withLock { state in
            guard case .running(let multi) = state.phase else { return }
            state.orders.append(.cancel(id))
            curl_multi_wakeup(multi)
        }
    }

    /// Refuses new requests, ends the running ones and lets the thread end; does not wait.
    func stop() {
        state.withLock { state in
            switch state.phase {
            case .idle: state.phase = .stopped
            case .running(let multi):
                state.phase = .stopping(multi: multi)
                state.orders.append(.stop)
                curl_multi_wakeup(multi)
            case .stopping, .stopped: break
            }
        }
    }

    /// Returns when the thread has let go of everything.
    func end() async {
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if case .stopped = state.phase { return true }
                state.waitingForEnd.append(continuation)
                return false
            }
            if isStopped { continuation.resume() }
        }
    }

    /// For the thread: what has been ordered since the last call.
    func takeOrders() -> [Order] {
        state.withLock { state in
            defer { state.orders = [] }
            return state.orders
        }
    }

    /// For the thread: from here on nobody touches the multi handle any more.
    func retire() -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            state.phase = .stopped
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
    }
}
