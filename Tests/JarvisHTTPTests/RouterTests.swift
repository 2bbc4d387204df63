// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Logging
import Testing

@Suite struct RouterTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func request(_ method: HTTPRequestMethod, _ target: String) throws -> HTTPServerRequest {
        HTTPServerRequest(method: method, target: try RequestTarget(target))
    }

    private func answering(_ text: String) -> Route.Handler {
        { _, parameters in .text("\(text) \(parameters["id"] ?? "-")") }
    }

    @Test func `a parameter stands for one decoded segment`() async throws {
        let router = try Router([Route(.get, "/api/{id}/timeline", handler: answering("timeline"))])
        let response = await router.respond(to: try request(.get, "/api/a%20b/timeline?x=1"), logger: logger)
        #expect(response == .text("timeline a b"))
    }

    @Test func `a literal segment wins over a parameter, for the methods it has`() async throws {
        let router = try Router([
            Route(.get, "/x/{id}", handler: answering("parameter")),
            Route(.post, "/x/special", handler: answering("literal")),
            Route(.put, "/x/{id}", handler: answering("parameter")),
            Route(.put, "/x/special", handler: answering("literal")),
        ])
        #expect(await router.respond(to: try request(.put, "/x/special"), logger: logger) == .text("literal -"))
        #expect(await router.respond(to: try request(.post, "/x/special"), logger: logger) == .text("literal -"))
        #expect(await router.respond(to: try request(.get, "/x/special"), logger: logger) == .text("parameter special"))
    }

    @Test func `the same place may have another name for another method`() async throws {
        let router = try Router([
            Route(.get, "/x/{id}", handler: answering("get")),
            Route(.delete, "/x/{name}") { _, parameters in .text(parameters["name"] ?? "-") },
        ])
        #expect(await router.respond(to: try request(.delete, "/x/7"), logger: logger) == .text("7"))
    }

    @Test(arguments: ["/", "/x", "/x/", "/x/1/", "//x/1", "/x//", "/X/1", "/x/1/2"])
    func `a path without a route is not found`(target: String) async throws {
        let router = try Router([Route(.get, "/x/{id}", handler: answering("x"))])
        let response = await router.respond(to: try request(.get, target), logger: logger)
        #expect(response.status == .notFound)
        #expect(response.body == Array(#"{"error":"not found"}"#.utf8))
    }

    @Test func `another method is told which ones are allowed`() async throws {
        let router = try Router([
            Route(.get, "/x", handler: answering("x")), Route(.post, "/x", handler: answering("x")),
        ])
        let response = await router.respond(to: try request(.delete, "/x"), logger: logger)
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers["allow"] == "GET, HEAD, POST")
        #expect(await router.respond(to: try request(.options, "/x"), logger: logger).status == .methodNotAllowed)
    }

    @Test func `HEAD is answered by the route for GET`() async throws {
        let router = try Router([
            Route(.get, "/x", handler: answering("x")), Route(.post, "/y", handler: answering("y")),
        ])
        #expect(await router.respond(to: try request(.head, "/x"), logger: logger) == .text("x -"))
        #expect(await router.respond(to: try request(.head, "/y"), logger: logger).status == .methodNotAllowed)
    }

    @Test func `an error says its own status and any other is a 500 without detail`() async throws {
        struct Secret: Error { var password = "hunter2" }
        let router = try Router([
            Route(.get, "/a") { _, _ in
                throw HTTPRejection(.tooManyRequests, "slow \"down\"\n", headers: ["Retry-After": "3"])
            },
            Route(.get, "/b") { _, _ in throw Secret() },
            Route(.get, "/c") { _, _ in throw CancellationError() },
        ])
        let known = await router.respond(to: try request(.get, "/a"), logger: logger)
        #expect(known.status == .tooManyRequests)
        #expect(known.headers["Retry-After"] == "3")
        #expect(known.body == Array(#"{"error":"slow \"down\"\u000a"}"#.utf8))
        #expect(
            await router.respond(to: try request(.get, "/b"), logger: logger)
                == .error(.internalServerError, "internal error"))
        #expect(await router.respond(to: try request(.get, "/c"), logger: logger).status == .serviceUnavailable)
    }

    @Test func `routes that say the same are refused`() {
        #expect(throws: RouterError.duplicateRoute(.get, pattern: "/x/{name}")) {
            try Router([
                Route(.get, "/x/{id}", handler: answering("a")), Route(.get, "/x/{name}", handler: answering("b")),
            ])
        }
    }

    @Test(arguments: ["", "x", "//", "/x/", "/x//y", "/{}", "/{a}/{a}", "/x{a}", "/{a", "/a}"])
    func `a faulty pattern is refused`(pattern: String) {
        #expect(throws: RouterError.invalidPattern(pattern)) {
            try Router([Route(.get, pattern, handler: answering("x"))])
        }
    }
}
