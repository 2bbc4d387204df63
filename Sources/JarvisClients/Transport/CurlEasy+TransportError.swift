// SPDX-License-Identifier: Apache-2.0
import CCurl
import Glibc

extension CurlEasy {
    /// Says in our words why libcurl gave up.
    func transportError(_ code: CURLcode, _ submission: Submission) -> TransportError {
        let peer = submission.address.peer
        let isTLS = submission.address.scheme == "https" && submission.kind == .exchange
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .resolve(peer)
        case CURLE_COULDNT_CONNECT: return .connect(connectProblem, peer)
        case CURLE_OPERATION_TIMEDOUT: return .timeout(phase(isTLS: isTLS), peer)
        case CURLE_PEER_FAILED_VERIFICATION: return .tls(verificationProblem, peer)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE: return .tls(.authorities, peer)
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ISSUER_ERROR: return .tls(.certificate, peer)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED: return .tls(.handshake, peer)
        case CURLE_FILESIZE_EXCEEDED:
            return .tooLarge(.body(bytes: submission.request.maximumResponseBytes), peer)
        case CURLE_PARTIAL_FILE: return .truncated(peer)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR: return .reset(peer)
        case CURLE_RECV_ERROR: return receiveProblem(peer)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_BAD_CONTENT_ENCODING:
            return .protocolViolation(peer)
        default: return .other(code: Int(code.rawValue), peer)
        }
    }

    private var connectProblem: TransportError.ConnectProblem {
        switch Int32(integer(CURLINFO_OS_ERRNO)) {
        case ECONNREFUSED: .refused
        case ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL: .unreachable
        default: .failed
        }
    }

    /// libcurl's timers are zero for what has not happened.
    private func phase(isTLS: Bool) -> TransportError.Phase {
        if integer(CURLINFO_RESPONSE_CODE) != 0 { return .body }
        if time(CURLINFO_PRETRANSFER_TIME_T) > .zero { return .response }
        // The connect timer runs until TLS is done too, but the local port is known once TCP is through.
        if isTLS, integer(CURLINFO_LOCAL_PORT) > 0 { return .tlsHandshake }
        return time(CURLINFO_NAMELOOKUP_TIME_T) > .zero ? .connect : .resolve
    }

    /// OpenSSL's verify result; libcurl leaves it at 1 when the chain is good but its own look at the name fails.
    private var verificationProblem: TransportError.TLSProblem {
        switch integer(CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1, 62, 64: .wrongName
        case 9: .notYetValid
        case 10: .expired
        case 2, 18, 19, 20, 21, 24, 27: .untrusted
        default: .certificate
        }
    }

    private func receiveProblem(_ peer: Peer) -> TransportError {
        let text = lastErrorText.lowercased()
        let isOurReading = ["chunk", "header", "hexadecimal", "encoding"].contains { text.contains($0) }
        return isOurReading ? .protocolViolation(peer) : .reset(peer)
    }
}
