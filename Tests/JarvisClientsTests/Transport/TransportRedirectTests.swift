// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(1)))
struct TransportRedirectTests {
    private static func redirecting(_ request: ArrivedRequest, _ connection: ServerConnection) {
        switch request.path {
        case "/end": connection.respond(body: "end")
        case "/loop": connection.respond("302 Found", headers: "Location: /loop2\r\n")
        case "/loop2": connection.respond("302 Found", headers: "Location: /loop\r\n")
        case "/file": connection.respond("302 Found", headers: "Location: file:///etc/passwd\r\n")
        case "/tls": connection.respond("302 Found", headers: "Location: https://127.0.0.1:1/\r\n")
        case "/user": connection.respond("302 Found", headers: "Location: http://a:b@127.0.0.1:1/\r\n")
        case "/bad": connection.respond("302 Found", headers: "Location: http://[/\r\n")
        case "/303": connection.respond("303 See Other", headers: "Location: end\r\n")
        case "/307": connection.respond("307 Temporary Redirect", headers: "Location: end\r\n")
        case "/nowhere": connection.respond("302 Found")
        default:
            let number = Int(request.path.dropFirst(2)) ?? 0
            connection.respond("302 Found", headers: "Location: \(number > 0 ? "/n\(number - 1)" : "/end")\r\n")
        }
    }

    @Test func `a redirect is a result unless asked for`() async throws {
        try await withAnsweringServer(Self.redirecting) { server in
            try await withTransport { transport in
                let answer = try await transport.send(OutboundRequest(url: "\(server.url)/303"))
                #expect(answer.status == 303)
                #expect(answer.header("location") == "end")
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test func `so many redirects are followed and not one more`() async throws {
        try await withAnsweringServer(Self.redirecting) { server in
            try await withTransport { transport in
                let three = OutboundRequest(url: "\(server.url)/n2", redirects: .follow(maximum: 3))
                let answer = try await transport.send(three)
                #expect(answer.body == Array("end".utf8))
                let four = OutboundRequest(url: "\(server.url)/n3", redirects: .follow(maximum: 3))
                let peer = Peer(host: "127.0.0.1", port: server.port)
                let error = await failure(of: four, on: transport)
                #expect(error == .tooManyRedirects(maximum: 3, peer))
            }
        }
    }

    @Test(arguments: [
        ("/loop", "redirect_loop"), ("/file", "scheme"), ("/tls", "scheme"), ("/user", "userInfo"),
        ("/bad", "malformed"),
    ])
    func `a redirect that leads astray is refused`(path: String, reason: String) async throws {
        try await withAnsweringServer(Self.redirecting) { server in
            try await withTransport { transport in
                let request = OutboundRequest(url: server.url + path, redirects: .follow(maximum: 9))
                let peer = Peer(host: "127.0.0.1", port: server.port)
                let refusal = TransportError.RedirectRefusal(rawValue: reason)
                let expected = refusal.map { TransportError.redirectRefused($0, peer) } ?? .redirectLoop(peer)
                let error = await failure(of: request, on: transport)
                #expect(error == expected)
                #expect(server.acceptedConnections == 1)
            }
        }
    }

    @Test func `a redirect without a target is a result`() async throws {
        try await withAnsweringServer(Self.redirecting) { server in
            try await withTransport { transport in
                let request = OutboundRequest(url: "\(server.url)/nowhere", redirects: .follow(maximum: 9))
                let answer = try await transport.send(request)
                #expect(answer.status == 302)
            }
        }
    }

    @Test func `303 turns a POST into a GET and 307 keeps it`() async throws {
        try await withAnsweringServer(Self.redirecting) { server in
            try await withTransport { transport in
                for path in ["/303", "/307"] {
                    let request = OutboundRequest(
                        method: .post, url: server.url + path, headers: [OutboundHeader("Content-Type", "a/b")],
                        body: Array("data".utf8), redirects: .follow(maximum: 1))
                    _ = try await transport.send(request)
                }
                let arrived = server.requests
                #expect(
                    arrived.map(\.line) == [
                        "POST /303 HTTP/1.1", "GET /end HTTP/1.1", "POST /307 HTTP/1.1", "POST /end HTTP/1.1",
                    ])
                #expect(arrived.map(\.body) == ["data", "", "data", "data"])
                #expect(arrived[1].header("Content-Type") == nil)
            }
        }
    }

    @Test func `secrets stay with the first host and port and do not come back`() async throws {
        try await withAnsweringServer(Self.redirecting) { home in
            try await withAnsweringServer({ request, connection in
                connection.respond("302 Found", headers: "Location: \(home.url)/end\r\n")
            }) { stranger in
                try await withAnsweringServer({ request, connection in
                    let target = request.path == "/start" ? "/again" : stranger.url + "/x"
                    connection.respond("302 Found", headers: "Location: \(target)\r\n")
                }) { first in
                    try await withTransport { transport in
                        let headers: [OutboundHeader] = [
                            .bearer(SecretText("t")), OutboundHeader("X-Api-Key", secret: SecretText("k")),
                            OutboundHeader("Cookie", "c=1"), OutboundHeader("X-Plain", "p"),
                        ]
                        _ = try await transport.send(
                            OutboundRequest(
                                url: "\(first.url)/start", headers: headers, redirects: .follow(maximum: 5)))
                        let names = ["Authorization", "X-Api-Key", "Cookie"]
                        for arrived in first.requests { #expect(names.allSatisfy { arrived.header($0) != nil }) }
                        for arrived in stranger.requests + home.requests {
                            #expect(names.allSatisfy { arrived.header($0) == nil })
                            #expect(arrived.header("X-Plain") == "p")
                        }
                        #expect(stranger.requests.count + home.requests.count == 2)
                    }
                }
            }
        }
    }
}
