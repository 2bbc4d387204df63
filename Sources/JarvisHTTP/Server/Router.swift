// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Finds the route of a request and turns what its handler does into a response.
///
/// A literal segment wins over a `{name}`. A known path with another method is 405 with `Allow`; HEAD is answered by
/// the route for GET where there is none for HEAD.
package struct Router: Sendable {
    private let root: Node

    /// Builds the router, or says which pattern is faulty.
    package init(_ routes: [Route]) throws(RouterError) {
        var root = Node()
        for route in routes {
            try root.insert(route, path: Router.elements(of: route.pattern)[...], names: [])
        }
        self.root = root
    }

    /// Answers a request as the server does, without its limits.
    package func respond(to request: HTTPServerRequest, logger: Logger) async -> HTTPServerResponse {
        switch match(request.method, request.segments) {
        case .refused(let rejection):
            HTTPServerResponse(rejection)
        case .found(let route, let parameters):
            await Router.run(route, request, parameters, logger: logger)
        }
    }

    /// The route for this method and path, or the 404 or 405 to answer with.
    func match(_ method: HTTPRequestMethod, _ segments: [String]) -> RouteMatch {
        var candidates: [(endpoints: [HTTPRequestMethod: Endpoint], values: [String])] = []
        root.collect(segments[...], values: [], into: &candidates)
        guard !candidates.isEmpty else { return .refused(HTTPRejection(.notFound, "not found")) }
        let methods = method == .head ? [.head, .get] : [method]
        for candidate in candidates {
            for method in methods {
                guard let endpoint = candidate.endpoints[method] else { continue }
                let parameters = Dictionary(uniqueKeysWithValues: zip(endpoint.names, candidate.values))
                return .found(endpoint.route, PathParameters(parameters))
            }
        }
        var allowed = Set(candidates.flatMap(\.endpoints.keys))
        if allowed.contains(.get) { allowed.insert(.head) }
        let allow = HTTPRequestMethod.allCases.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
        return .refused(HTTPRejection(.methodNotAllowed, "method not allowed", headers: ["Allow": allow]))
    }

    /// Runs a handler and maps what it throws.
    static func run(
        _ route: Route, _ request: HTTPServerRequest, _ parameters: PathParameters, logger: Logger
    ) async -> HTTPServerResponse {
        do {
            return try await route.handler(request, parameters)
        } catch let error as any HTTPResponseError {
            return .error(error.status, error.message, headers: error.headers)
        } catch is CancellationError {
            return .error(.serviceUnavailable, "shutting down")
        } catch {
            logger.error(
                "HTTP handler failed", metadata: ["http.route": "\(route.pattern)", "error": "\(error)"])
            return .error(.internalServerError, "internal error")
        }
    }

    private static func elements(of pattern: String) throws(RouterError) -> [Element] {
        guard pattern.utf8.first == UInt8(ascii: "/") else { throw .invalidPattern(pattern) }
        if pattern == "/" { return [] }
        var elements: [Element] = []
        var names: Set<String> = []
        for part in pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if part.hasPrefix("{"), part.hasSuffix("}") {
                let name = String(part.dropFirst().dropLast())
                guard !name.isEmpty, names.insert(name).inserted else { throw .invalidPattern(pattern) }
                elements.append(.parameter(name))
            } else {
                guard !part.isEmpty, !part.contains("{"), !part.contains("}") else { throw .invalidPattern(pattern) }
                elements.append(.literal(String(part)))
            }
        }
        return elements
    }
}

/// What is wrong with a list of routes.
package enum RouterError: Error, Equatable {
    /// Two routes have the same method and patterns that match the same paths.
    case duplicateRoute(HTTPRequestMethod, pattern: String)

    /// A pattern does not begin with a slash, or has an empty segment, a broken or a repeated `{name}`.
    case invalidPattern(String)
}

/// The result of looking for a route.
enum RouteMatch: Sendable {
    case found(Route, PathParameters)
    case refused(HTTPRejection)
}

private enum Element {
    case literal(String)
    case parameter(String)
}

private struct Endpoint: Sendable {
    var route: Route
    var names: [String]
}

/// One segment deep in the tree of patterns.
private struct Node: Sendable {
    private var endpoints: [HTTPRequestMethod: Endpoint] = [:]
    private var literals: [String: Node] = [:]
    private var parameter: [Node] = []

    mutating func insert(_ route: Route, path: ArraySlice<Element>, names: [String]) throws(RouterError) {
        switch path.first {
        case nil:
            guard endpoints.updateValue(Endpoint(route: route, names: names), forKey: route.method) == nil else {
                throw .duplicateRoute(route.method, pattern: route.pattern)
            }
        case .literal(let text):
            var child = literals[text] ?? Node()
            try child.insert(route, path: path.dropFirst(), names: names)
            literals[text] = child
        case .parameter(let name):
            // An array of at most one node, because a struct cannot hold itself as an optional.
            var child = parameter.first ?? Node()
            try child.insert(route, path: path.dropFirst(), names: names + [name])
            parameter = [child]
        }
    }

    /// Adds the endpoints of every pattern that matches, the most literal one first.
    ///
    /// Bounded by the patterns, not by the request: each level tries at most two children.
    func collect(
        _ segments: ArraySlice<String>, values: [String],
        into candidates: inout [(endpoints: [HTTPRequestMethod: Endpoint], values: [String])]
    ) {
        guard let segment = segments.first else {
            if !endpoints.isEmpty { candidates.append((endpoints, values)) }
            return
        }
        literals[segment]?.collect(segments.dropFirst(), values: values, into: &candidates)
        if !segment.isEmpty {
            parameter.first?.collect(segments.dropFirst(), values: values + [segment], into: &candidates)
        }
    }
}
