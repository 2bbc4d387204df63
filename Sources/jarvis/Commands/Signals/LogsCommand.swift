// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisClients
import JarvisCore

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Ask the configured Loki for lines of logs.",
        discussion: "Secrets are taken out of every line before it is printed. See docs/SIGNALS.md.",
        subcommands: [Container.self, Service.self, Search.self])

    struct Container: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lines of a container that look like errors.",
            discussion: "Looks for \(LogQuery.errorWords.joined(separator: ", ")), in any case, anywhere in a line.")
        @OptionGroup var options: LogOptions
        @Argument(help: "The container's name.") var name: String
        @Option(help: "The label that holds the container's name.") var label = "container"
        @Flag(help: "Every line, not only what looks like an error.") var all = false

        func run() async throws {
            try await options.show([(label, .equals(name))], all ? [] : [.containsAnyWord(LogQuery.errorWords)])
        }
    }

    struct Service: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lines of a service.",
            discussion: "Loki from version 3 on knows every stream's service_name; an older one needs --label job.")
        @OptionGroup var options: LogOptions
        @Argument(help: "The service's name.") var name: String
        @Option(help: "The label that holds the service's name.") var label = "service_name"

        func run() async throws { try await options.show([(label, .equals(name))], []) }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lines that hold a text, of any stream.",
            discussion: "Without --in every stream with a service_name is looked at, which may be a lot.")
        @OptionGroup var options: LogOptions
        @Argument(help: "The text, in this spelling; with --regex a regular expression (RE2).") var text: String
        @Flag(help: "The text is a regular expression.") var regex = false
        @Option(name: .customLong("in"), help: "A label that streams must have: LABEL=VALUE, or LABEL alone.")
        var scope: [String] = []

        func validate() throws {
            guard (1...1024).contains(text.utf8.count) else { throw ValidationError("the text has 1 to 1024 bytes") }
        }

        func run() async throws {
            let conditions = scope.map { part -> (String, LogQuery.Condition.Comparison) in
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return (sides[0], sides.count == 2 ? .equals(sides[1]) : .isThere)
            }
            try await options.show(
                conditions.isEmpty ? [("service_name", .isThere)] : conditions,
                [regex ? .matches(text) : .contains(text)])
        }
    }
}

/// What every question for logs has.
struct LogOptions: ParsableArguments {
    @OptionGroup var upstream: UpstreamOptions
    @Option(help: "How many minutes to look back.") var minutes = 15
    @Option(help: "At most so many lines; the server gives no more than \(LogQuery.mostLines).") var limit = 100
    @Flag(help: "Oldest lines first; then the newest are cut off, should there be too many.") var oldestFirst = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard (1...44_640).contains(minutes) else { throw ValidationError("--minutes is from 1 to 44640 (31 days)") }
        guard (1...LogQuery.mostLines).contains(limit) else {
            throw ValidationError("--limit is from 1 to \(LogQuery.mostLines)")
        }
    }

    /// Asks and prints.
    func show(
        _ conditions: [(label: String, comparison: LogQuery.Condition.Comparison)], _ filters: [LogQuery.Filter]
    ) async throws {
        let checked = try conditions.map { part in
            guard let condition = LogQuery.Condition(part.label, part.comparison) else {
                throw ValidationError(
                    "'\(UntrustedText(part.label).display(limit: 60))' is no label: letters, digits and underscores")
            }
            return condition
        }
        let query = LogQuery(
            checked, filters, over: .seconds(minutes * 60), until: Date(), limit: limit,
            order: oldestFirst ? .oldestFirst : .newestFirst)
        guard let query else { throw ValidationError("nothing is asked for") }
        let secrets = try upstream.configuration.load().configuration.secrets
        let excerpt = try await upstream.lend(\.loki, named: "loki") { upstream, transport in
            let source: any LogSource = upstream.loki(transport, knowing: secrets)
            do throws(LogSourceError) {
                return try await source.lines(query)
            } catch {
                throw reported(error, isRefusal: error.isRefusal)
            }
        }
        let report = LogReport(excerpt, of: query)
        guard !json else { return Console.print(try JSONLine.of(report.document)) }
        report.lines().forEach(Console.print)
        if let remark = report.remark { Console.report("jarvis: \(remark)") }
    }
}
