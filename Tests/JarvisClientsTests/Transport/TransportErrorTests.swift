// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

struct TransportErrorTests {
    private static let peer = Peer(host: "h", port: 1)

    @Test(
        arguments: [
            (.resolve(peer), true, false), (.connect(.refused, peer), true, false), (.saturated(limit: 1), true, false),
            (.timeout(.queue, peer), true, false), (.timeout(.connect, peer), true, false),
            (.timeout(.tlsHandshake, peer), true, false), (.timeout(.response, peer), true, true),
            (.timeout(.body, peer), true, true), (.reset(peer), true, true), (.truncated(peer), true, true),
            (.tls(.untrusted, peer), false, false), (.tls(.wrongName, peer), false, false),
            (.tls(.handshake, peer), true, false), (.tooLarge(.body(bytes: 1), peer), false, true),
            (.protocolViolation(peer), false, true), (.invalidRequest(.url), false, false), (.cancelled, false, true),
            (.shutdown, true, true), (.redirectLoop(peer), false, true), (.other(code: 1, nil), false, true),
        ] as [(TransportError, Bool, Bool)])
    func `each error says what may be done next`(error: TransportError, isRetryable: Bool, mayHaveArrived: Bool) {
        #expect(error.isRetryable == isRetryable)
        #expect(error.mayHaveArrived == mayHaveArrived)
    }

    @Test func `the short description holds no values`() {
        let error = TransportError.connect(.refused, Peer(host: "db.home", port: 5432))
        #expect(error.shortDescription == "connect_refused")
        #expect(error.description == "no connection to db.home:5432: refused")
    }
}
