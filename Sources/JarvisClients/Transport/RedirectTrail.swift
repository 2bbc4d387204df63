// SPDX-License-Identifier: Apache-2.0
/// The redirects of one request: decides where it goes next, with what, and when to stop.
struct RedirectTrail {
    private let origin: OutboundAddress
    private let maximum: Int
    private var request: OutboundRequest
    private var address: OutboundAddress
    private var visited: Set<String>
    private var count = 0

    init(request: OutboundRequest, address: OutboundAddress, maximum: Int) {
        self.request = request
        self.address = address
        self.maximum = maximum
        origin = address
        visited = [Self.key(request, address)]
    }

    /// The request that follows this answer; nil when the answer is the result.
    mutating func next(
        after response: OutboundResponse
    ) throws(TransportError) -> (request: OutboundRequest, address: OutboundAddress)? {
        guard [301, 302, 303, 307, 308].contains(response.status), let location = response.header("Location") else {
            return nil
        }
        guard count < maximum else { throw .tooManyRedirects(maximum: maximum, address.peer) }
        count += 1
        let target = try address.redirected(to: location)
        adaptMethod(to: response.status)
        // Once away from the first host the secrets are gone for good: a way back doesn't return them.
        if target.peer != origin.peer { request.headers.removeAll(where: \.isConfidential) }
        request.url = target.url
        address = target
        guard visited.insert(Self.key(request, target)).inserted else { throw .redirectLoop(target.peer) }
        return (request, target)
    }

    /// RFC 9110, 15.4: 303 always becomes GET, 301 and 302 do so for POST as every client does it.
    private mutating func adaptMethod(to status: Int) {
        let becomesGet = status == 303 ? request.method != .head : status < 303 && request.method == .post
        guard becomesGet else { return }
        request.method = .get
        request.body = nil
        request.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        request.isRepeatable = true
    }

    private static func key(_ request: OutboundRequest, _ address: OutboundAddress) -> String {
        "\(request.method.rawValue) \(address.url)"
    }
}
