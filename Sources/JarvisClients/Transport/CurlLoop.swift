// SPDX-License-Identifier: Apache-2.0
import CCurl
import CCurlShim
import Glibc

/// The transport's thread: owns the multi handle and every transfer, and does all of libcurl's work.
final class CurlLoop {
    private let multi: UnsafeMutableRawPointer
    private let mailbox: CurlMailbox
    private let configuration: HTTPTransport.Configuration
    private var transfers: [UInt64: Transfer] = [:]
    private var identifiers: [UnsafeMutableRawPointer: UInt64] = [:]
    private var queue: AdmissionQueue<Submission>
    private var isStopping = false

    /// Starts the thread and returns the handle it can be woken through; nil without memory or threads.
    static func launch(mailbox: CurlMailbox, configuration: HTTPTransport.Configuration) -> UnsafeMutableRawPointer? {
        guard curlIsReady, let multi = curl_multi_init() else { return nil }
        let loop = CurlLoop(multi: multi, mailbox: mailbox, configuration: configuration)
        let context = Unmanaged.passRetained(loop)
        var thread = pthread_t()
        let failed = pthread_create(&thread, nil, runCurlLoop, context.toOpaque())
        guard failed == 0 else {
            context.release()
            curl_multi_cleanup(multi)
            return nil
        }
        pthread_detach(thread)
        return multi
    }

    private init(multi: UnsafeMutableRawPointer, mailbox: CurlMailbox, configuration: HTTPTransport.Configuration) {
        self.multi = multi
        self.mailbox = mailbox
        self.configuration = configuration
        queue = AdmissionQueue(
            total: configuration.maximumTransfers, perPeer: configuration.maximumTransfersPerPeer,
            waitingLimit: configuration.maximumWaiting)
    }

    fileprivate func run() {
        limitConnections()
        while true {
            for order in mailbox.takeOrders() { obey(order) }
            if isStopping { return end() }
            admitWaiting()
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            // What has ended made room, and what is admitted now has work to do at once.
            if collectEnded() { continue }
            // A poll that fails returns at once; without the pause the thread would spin.
            if curl_multi_poll(multi, nil, 0, pollLimit(), nil) != CURLM_OK { usleep(10_000) }
        }
    }

    private func limitConnections() {
        let options: [(CURLMoption, Int)] = [
            (CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.maximumTransfers + configuration.maximumKeptConnections),
            (CURLMOPT_MAXCONNECTS, configuration.maximumKeptConnections),
        ]
        for (option, value) in options { _ = jarvis_curl_multi_set_long(multi, Int32(option.rawValue), value) }
    }

    private func obey(_ order: CurlMailbox.Order) {
        switch order {
        case .start(let submission):
            let peer = submission.address.peer
            if !queue.enqueue(submission, id: submission.id, peer: peer, deadline: submission.deadline) {
                submission.fail(.saturated(limit: configuration.maximumWaiting))
            }
            // At once, so that the line holds only what really has to wait.
            admitWaiting()
        case .cancel(let id):
            queue.withdraw(id)?.fail(.cancelled)
            release(id)?.submission.fail(.cancelled)
        case .stop: isStopping = true
        }
    }

    private func admitWaiting() {
        for late in queue.expire(at: .now) { late.fail(.timeout(.queue, late.address.peer)) }
        while let submission = queue.admit() { begin(submission) }
    }

    private func begin(_ submission: Submission) {
        guard let transfer = Transfer(submission, configuration: configuration),
            curl_multi_add_handle(multi, transfer.easy.pointer) == CURLM_OK
        else {
            queue.finished(submission.address.peer)
            return submission.fail(.other(code: Int(CURLE_FAILED_INIT.rawValue), submission.address.peer))
        }
        transfers[submission.id] = transfer
        identifiers[transfer.easy.pointer] = submission.id
    }

    private func collectEnded() -> Bool {
        var hasEnded = false
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is libcurl's and dies with the handle's removal.
            let code = message.pointee.data.result
            guard let id = identifiers[easy], let transfer = release(id) else { continue }
            transfer.conclude(code)
            hasEnded = true
        }
        return hasEnded
    }

    /// Takes a transfer out of libcurl; the caller gets it to answer for it.
    private func release(_ id: UInt64) -> Transfer? {
        guard let transfer = transfers.removeValue(forKey: id) else { return nil }
        curl_multi_remove_handle(multi, transfer.easy.pointer)
        identifiers[transfer.easy.pointer] = nil
        queue.finished(transfer.peer)
        return transfer
    }

    private func pollLimit() -> Int32 {
        guard let deadline = queue.earliestDeadline else { return 60_000 }
        return Int32(min(60_000, ContinuousClock.now.duration(to: deadline).wholeMilliseconds))
    }

    private func end() {
        for waiting in queue.drain() { waiting.fail(.shutdown) }
        for id in transfers.keys.sorted() { release(id)?.submission.fail(.shutdown) }
        let waiting = mailbox.retire()
        curl_multi_cleanup(multi)
        for continuation in waiting { continuation.resume() }
    }
}

/// libcurl's process-wide initialisation, done once, before the first handle.
private let curlIsReady = jarvis_curl_global_init() == 0

private func runCurlLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    jarvis_name_this_thread("jarvis-http")
    // A peer that closes while TLS writes raises SIGPIPE in this thread; libcurl is told not to touch signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
