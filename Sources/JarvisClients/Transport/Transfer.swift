// SPDX-License-Identifier: Apache-2.0
import CCurl
import CCurlShim

/// One running transfer; created, called back and destroyed on the transport's thread only.
final class Transfer {
    let submission: Submission
    let easy: CurlEasy
    private let started = ContinuousClock.now
    private let configuration: HTTPTransport.Configuration
    private var head: ResponseHead
    private var body: [UInt8] = []
    /// Set by a callback that stops the transfer: libcurl itself only knows that a write failed.
    private var stopReason: TransportError?

    init?(_ submission: Submission, configuration: HTTPTransport.Configuration) {
        guard let easy = CurlEasy() else { return nil }
        self.submission = submission
        self.easy = easy
        self.configuration = configuration
        head = ResponseHead(limit: configuration.maximumHeaderBytes)
        guard configure() else { return nil }
    }

    var peer: Peer { submission.address.peer }

    /// Turns libcurl's result into the caller's.
    func conclude(_ code: CURLcode) {
        submission.reply.resume(returning: result(code))
    }

    private func result(_ code: CURLcode) -> Result<OutboundResponse, TransportError> {
        if let stopReason { return .failure(stopReason) }
        guard code == CURLE_OK else { return .failure(easy.transportError(code, submission)) }
        let timing = OutboundResponse.Timing(
            queued: submission.submitted.duration(to: started),
            resolved: easy.time(CURLINFO_NAMELOOKUP_TIME_T), connected: easy.time(CURLINFO_CONNECT_TIME_T),
            firstByte: easy.time(CURLINFO_STARTTRANSFER_TIME_T), total: easy.time(CURLINFO_TOTAL_TIME_T),
            openedConnection: easy.integer(CURLINFO_NUM_CONNECTS) > 0)
        let status = easy.integer(CURLINFO_RESPONSE_CODE)
        return .success(OutboundResponse(status: status, headers: head.headers, body: body, timing: timing))
    }

    fileprivate func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        switch head.receive(line) {
        case .accepted: return true
        case .tooLarge: stopReason = .tooLarge(.headers(bytes: configuration.maximumHeaderBytes), peer)
        case .invalid: stopReason = .protocolViolation(peer)
        }
        return false
    }

    fileprivate func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= submission.request.maximumResponseBytes else {
            stopReason = .tooLarge(.body(bytes: submission.request.maximumResponseBytes), peer)
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }
}

extension Transfer {
    private func configure() -> Bool {
        configureEveryTransfer() && configureLimits() && configureTrust() && configureCallbacks()
            && (submission.kind == .connectOnly ? configureProbe() : configureRequest())
    }

    private func configureEveryTransfer() -> Bool {
        easy.set(CURLOPT_URL, submission.address.url)
            && easy.set(CURLOPT_PROTOCOLS_STR, submission.address.scheme)
            && easy.set(CURLOPT_FOLLOWLOCATION, 0)
            // The empty string also keeps libcurl from reading the proxy variables of the environment.
            && easy.set(CURLOPT_PROXY, submission.kind == .connectOnly ? "" : configuration.proxy ?? "")
            && easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
            && easy.set(CURLOPT_NOSIGNAL, 1)
            // One protocol, and the one the tests can break in every way.
            && easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            // A name server that hangs must not hold up this thread when the transfer is given up.
            && easy.set(CURLOPT_QUICK_EXIT, 1)
            && easy.set(CURLOPT_MAXAGE_CONN, configuration.idleConnectionLifetime.wholeSeconds)
    }

    private func configureLimits() -> Bool {
        let timeouts = submission.request.timeouts
        let left = ContinuousClock.now.duration(to: submission.deadline)
        guard
            easy.set(CURLOPT_CONNECTTIMEOUT_MS, min(timeouts.connect, left).wholeMilliseconds),
            easy.set(CURLOPT_TIMEOUT_MS, left.wholeMilliseconds)
        else { return false }
        guard let pace = timeouts.pace else { return true }
        return easy.set(CURLOPT_LOW_SPEED_LIMIT, pace.bytesPerSecond)
            && easy.set(CURLOPT_LOW_SPEED_TIME, pace.patience.wholeSeconds)
    }

    private func configureTrust() -> Bool {
        guard
            easy.set(CURLOPT_SSL_VERIFYPEER, 1), easy.set(CURLOPT_SSL_VERIFYHOST, 2),
            easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            easy.set(CURLOPT_CA_CACHE_TIMEOUT, 600)
        else { return false }
        guard case .authorities(let file) = submission.request.trust else { return true }
        // Without this the directory of the system's authorities would stay trusted besides the file.
        return easy.set(CURLOPT_CAINFO, file) && easy.set(CURLOPT_CAPATH, nil as String?)
    }

    private func configureCallbacks() -> Bool {
        let context = Unmanaged.passUnretained(self).toOpaque()
        return easy.set(CURLOPT_HEADERDATA, pointer: context) && easy.set(CURLOPT_WRITEDATA, pointer: context)
            && easy.set(CURLOPT_HEADERFUNCTION, callback: headerArrived)
            && easy.set(CURLOPT_WRITEFUNCTION, callback: bodyArrived)
    }

    private func configureProbe() -> Bool {
        easy.set(CURLOPT_CONNECT_ONLY, 1) && easy.set(CURLOPT_FRESH_CONNECT, 1) && easy.set(CURLOPT_FORBID_REUSE, 1)
    }

    private func configureRequest() -> Bool {
        let request = submission.request
        // An empty value takes out libcurl's own header: no waiting for 100-continue, no guessed content type.
        let saysType = request.headers.contains { $0.name.lowercased() == "content-type" }
        let unwanted = ["Expect:"] + (saysType ? [] : ["Content-Type:"])
        let lines = request.headers.map { header in
            header.value.text.isEmpty ? "\(header.name);" : "\(header.name): \(header.value.text)"
        }
        return configureMethod(request) && easy.setHeaders(lines + unwanted)
            && easy.set(CURLOPT_USERAGENT, configuration.userAgent)
            // The length a HEAD answer declares is not what it sends.
            && (request.method == .head || easy.set(CURLOPT_MAXFILESIZE_LARGE, large: request.maximumResponseBytes))
            && (request.isRepeatable || easy.set(CURLOPT_FRESH_CONNECT, 1))
    }

    private func configureMethod(_ request: OutboundRequest) -> Bool {
        switch request.method {
        case .get: return easy.set(CURLOPT_HTTPGET, 1)
        case .head: return easy.set(CURLOPT_NOBODY, 1)
        case .delete where request.body == nil: return easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post, .put, .patch, .delete:
            return easy.setBody(request.body ?? []) && easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }
}

// The context is the transfer, which outlives its easy handle's last callback: the loop holds it until the handle is
// out of the multi handle.
private let headerArrived: jarvis_curl_data_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private let bodyArrived: jarvis_curl_data_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
