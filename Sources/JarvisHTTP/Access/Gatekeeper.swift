// SPDX-License-Identifier: Apache-2.0

/// Lets a request through only with the credentials its route asks for.
package struct Gatekeeper: Sendable {
    /// What a route asks for.
    enum Role {
        /// May post alerts.
        case sender
        /// May read incidents and decide.
        case person
    }

    private let credentials: Credentials
    private let limiter: FailureLimiter<ContinuousClock>

    /// Guards with these credentials.
    package init(credentials: Credentials) {
        self.credentials = credentials
        limiter = FailureLimiter(clock: ContinuousClock())
    }

    /// The name of who asks.
    ///
    /// Throws 401 for nobody, and refuses a source that failed too often.
    func admit(_ request: HTTPServerRequest, as role: Role) throws(HTTPRejection) -> String {
        guard !limiter.isRefused(request.remoteAddress) else {
            // Alertmanager drops alerts on every 4xx and tries again only on 5xx, and an innocent sender may share
            // the address of somebody who guesses.
            throw HTTPRejection(
                role == .sender ? .serviceUnavailable : .tooManyRequests,
                "too many wrong credentials from this address",
                headers: ["Retry-After": "10"])
        }
        if let presented = PresentedCredential(request.headers["Authorization"]) {
            let name = role == .sender ? credentials.sender(presented) : credentials.person(presented)
            if let name { return name }
            limiter.failed(request.remoteAddress)
        }
        let scheme = role == .sender ? #"Basic realm="jarvis", charset="UTF-8""# : #"Bearer realm="jarvis""#
        throw HTTPRejection(.unauthorized, "credentials are missing or wrong", headers: ["WWW-Authenticate": scheme])
    }
}
