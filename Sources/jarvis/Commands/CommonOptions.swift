// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisClients

/// Exit codes beyond success, as `jarvis --help` documents them.
extension ExitCode {
    static let negative = ExitCode(1)
    static let misconfigured = ExitCode(2)
    static let unreachable = ExitCode(3)
}

/// Where the configuration comes from.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: "Configuration file (default: from JARVIS_CONFIG, else jarvis.yaml where it exists).")
    var file: String?

    /// Reads the configuration for a command that works on the data directory's own database, or says why it can't and
    /// ends with code 2.
    func loadForFile() throws -> OperatorSettings {
        let settings = try load()
        guard settings.configuration.databaseURL != nil else { return settings }
        Console.report(
            "jarvis: the store is the PostgreSQL database of database.url: check, back up and restore it with its own "
                + "tools, and the files of \(settings.configuration.dataDirectory) with it (docs/POSTGRES.md)")
        throw ExitCode.misconfigured
    }

    /// Reads the configuration, or throws every fault.
    func read() throws(OperatorSettings.Faults) -> OperatorSettings {
        try OperatorSettings.load(path: file, environment: ProcessInfo.processInfo.environment)
    }

    /// Reads the configuration, or prints every fault and ends with code 2.
    func load() throws -> OperatorSettings {
        do {
            return try read()
        } catch {
            Console.report(error.description)
            throw ExitCode.misconfigured
        }
    }
}

/// How to reach a running server.
struct ServerOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: "Address of the server (default: from JARVIS_URL, else where the configuration makes it listen).")
    var url: String?

    /// A client with the operator's token: `JARVIS_TOKEN`, else the file that the server keeps for its own user.
    func client(_ transport: HTTPTransport) throws -> OperatorClient {
        let environment = ProcessInfo.processInfo.environment
        let settings = try configuration.load().configuration
        guard let token = environment["JARVIS_TOKEN"] ?? OperatorToken.read(in: settings.dataDirectory) else {
            Console.report(
                "no operator token: set JARVIS_TOKEN, or run this where \(settings.dataDirectory)/operator.token can be read"
            )
            throw ExitCode.misconfigured
        }
        let base = url ?? environment["JARVIS_URL"] ?? "http://\(settings.server.listen)"
        return OperatorClient(
            baseURL: base.hasSuffix("/") ? String(base.dropLast()) : base, token: token, transport: transport)
    }

    /// Lends a client for the time of `body`; failures become a sentence and an exit code.
    func withClient<Result: Sendable>(_ body: (OperatorClient) async throws -> Result) async throws -> Result {
        let transport = HTTPTransport()
        do {
            let result = try await body(try client(transport))
            await transport.shutdown()
            return result
        } catch let failure as OperatorClient.Failure {
            await transport.shutdown()
            Console.report("jarvis: \(failure)")
            throw failure.isRefusal ? ExitCode.negative : ExitCode.unreachable
        } catch {
            await transport.shutdown()
            throw error
        }
    }
}
