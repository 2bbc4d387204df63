// SPDX-License-Identifier: Apache-2.0
import Testing

/// An HTTPS server of OpenSSL with certificates made for the test.
final class TLSPeer: Sendable {
    let port: Int
    let authority: String
    private let server: ChildProcess
    private let folder: TemporaryFolder

    /// `name` is what the certificate is for, as OpenSSL writes an alternative name.
    init(name: String, arguments: [String] = ["-www"]) async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        authority = folder.file("ca.pem")
        let log = folder.file("log")
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try ChildProcess.run(
            "openssl",
            ["req", "-x509"] + curve + [
                "-keyout", folder.file("ca.key"), "-out", authority, "-days", "2", "-subj", "/CN=Test authority",
            ], output: log)
        try ChildProcess.run(
            "openssl",
            ["req", "-x509"] + curve + [
                "-CA", authority, "-CAkey", folder.file("ca.key"), "-keyout", folder.file("server.key"),
                "-out", folder.file("server.pem"), "-days", "2", "-subj", "/CN=server",
                "-addext", "subjectAltName=\(name)", "-addext", "basicConstraints=critical,CA:FALSE",
            ], output: log)
        let output = folder.file("server.log")
        server = try ChildProcess(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:0", "-cert", folder.file("server.pem"),
                "-key", folder.file("server.key"),
            ] + arguments, output: output)
        var found: Int?
        do {
            try await eventually("openssl listens") {
                found = Self.port(in: folder.read("server.log"))
                return found != nil
            }
        } catch {
            server.kill()
            throw error
        }
        port = found ?? 0
    }

    func stop() { server.kill() }

    private static func port(in output: String) -> Int? {
        let line = output.split(separator: "\n").first { $0.hasPrefix("ACCEPT 127.0.0.1:") }
        return line.flatMap { Int($0.drop { $0 != ":" }.dropFirst()) }
    }
}
