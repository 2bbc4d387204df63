// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Synchronization

/// Lets a request through only with the credentials its route asks for.
package struct Gatekeeper: Sendable {
    /// What a route asks for.
    package enum Role {
        /// May post alerts.
        case sender
        /// May read incidents and decide.
        case person
    }

    private let credentials: Credentials
    private let limiter: FailureLimiter<ContinuousClock>
    private let known = KnownSenders()

    /// Guards with these credentials.
    package init(credentials: Credentials) {
        self.credentials = credentials
        limiter = FailureLimiter(clock: ContinuousClock())
    }

    /// The name of who asks.
    ///
    /// Throws 401 for nobody, and refuses a source that failed too often.
    package func admit(_ request: HTTPServerRequest, as role: Role) throws(HTTPRejection) -> String {
        let presented = PresentedCredential(request.headers["Authorization"])
        guard !limiter.isRefused(request.remoteAddress) || isKnown(presented, request.remoteAddress) else {
            // Alertmanager drops alerts on every 4xx and tries again only on 5xx, and an innocent sender may share
            // the address of somebody who guesses.
            throw HTTPRejection(
                role == .sender ? .serviceUnavailable : .tooManyRequests,
                "too many wrong credentials from this address",
                headers: ["Retry-After": "10"])
        }
        if let presented {
            let name = role == .sender ? credentials.sender(presented) : credentials.person(presented)
            if let name {
                remember(presented, request.remoteAddress)
                return name
            }
            limiter.failed(request.remoteAddress)
        }
        let scheme = role == .sender ? #"Basic realm="jarvis", charset="UTF-8""# : #"Bearer realm="jarvis""#
        throw HTTPRejection(.unauthorized, "credentials are missing or wrong", headers: ["WWW-Authenticate": scheme])
    }

    /// Whoever was let in with these very credentials from this address before is not held up by another who guesses
    /// from the same address; a guess can't be among them.
    private func isKnown(_ presented: PresentedCredential?, _ address: String) -> Bool {
        presented.map { known.contains($0.digest(address)) } ?? false
    }

    private func remember(_ presented: PresentedCredential, _ address: String) {
        known.insert(presented.digest(address))
    }
}

/// Digests of address and credentials that were accepted; bounded, the set is emptied when it is full.
private final class KnownSenders: Sendable {
    private let digests = Mutex<Set<[UInt8]>>([])

    func contains(_ digest: [UInt8]) -> Bool { digests.withLock { $0.contains(digest) } }

    func insert(_ digest: [UInt8]) {
        digests.withLock { digests in
            if digests.count >= 1_024 { digests = [] }
            digests.insert(digest)
        }
    }
}

extension PresentedCredential {
    fileprivate func digest(_ address: String) -> [UInt8] {
        switch self {
        case .basic(let user, let password): SHA256.digest(of: Array("\(address)\0basic\0\(user)\0\(password)".utf8))
        case .bearer(let token): SHA256.digest(of: Array("\(address)\0bearer\0\(token)".utf8))
        }
    }
}
