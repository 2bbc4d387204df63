// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JarvisApp
import JarvisClients
import JarvisCore

/// How to reach a service that Jarvis asks, without a server that runs.
struct UpstreamOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    /// Lends the service of a section for the time of `body`; no such section ends with code 2.
    func lend<Result>(
        _ section: KeyPath<Configuration, Configuration.Upstream?>, named name: String,
        _ body: (Configuration.Upstream, HTTPTransport) async throws -> Result
    ) async throws -> Result {
        guard let upstream = try configuration.load().configuration[keyPath: section] else {
            Console.report(
                "jarvis: no \(name) is configured: give its address as \(name).url in the configuration, or as "
                    + "\(name.uppercased())_URL in the environment")
            throw ExitCode.misconfigured
        }
        let transport = HTTPTransport()
        do {
            let result = try await body(upstream, transport)
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }
}

/// Says what went wrong; a refusal is an answer (1), everything else is none (3).
func reported(_ error: some Error, isRefusal: Bool) -> ExitCode {
    Console.report("jarvis: \(error)")
    return isRefusal ? .negative : .unreachable
}
