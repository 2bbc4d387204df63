// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore
import JarvisHTTP

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "What waits to be done, and what was given up.",
        discussion: """
            Asks the running server, with the operator's token. A job that fails is tried again for about a day; then it
            is given up and kept with its reason until a person decides. Both decisions are in the audit log.
            """, subcommands: [List.self, Retry.self, Drop.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print how many jobs there are by kind, how long the oldest waits, and those given up.",
            discussion: """
                READY wait for their time or a worker, RUNNING are being worked on, GIVEN UP wait for a person: at most
                500 of them are listed, newest first. A queue that holds given-up jobs still exits with 0.
                """)
        @OptionGroup var server: ServerOptions
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let queue = try await server.withClient { try await $0.queue() }
            try QueueSummary.show(queue, json: json)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have a given-up job tried again, with all its attempts.",
            discussion: """
                What it does then is decided by how things are then; a command that had begun is never run again.
                """)
        @OptionGroup var server: ServerOptions
        @Argument(help: "The job's number.") var job: Int64?
        @Flag(help: "Every job that was given up.") var all = false

        func validate() throws {
            guard (job != nil) != all else { throw ValidationError("give the number of one job, or --all") }
        }

        func run() async throws {
            let request = QueueRequest(job: job, all: all ? true : nil)
            try QueueSummary.show(try await server.withClient { try await $0.retry(request) }, json: false)
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a given-up job.",
            discussion: """
                What it was to do is not done: a dropped intake leaves the alerts of its delivery unseen. An incident
                that is open is given a new job at the next start of the server.
                """)
        @OptionGroup var server: ServerOptions
        @Argument(help: "The job's number.") var job: Int64

        func run() async throws {
            try QueueSummary.show(try await server.withClient { try await $0.drop(job: job) }, json: false)
        }
    }
}

private enum QueueSummary {
    static func show(_ queue: QueueOverview, json: Bool) throws {
        guard !json else { return Console.print(String(decoding: try JSONBody.encode(queue), as: UTF8.self)) }
        let kinds = Set(queue.depths.map(\.kind)).sorted()
        guard !kinds.isEmpty else { return Console.print("nothing waits, nothing runs, nothing was given up") }
        var table = TextTable(["KIND", "READY", "RUNNING", "GIVEN UP"])
        for kind in kinds {
            table.add(
                [kind]
                    + ["ready", "claimed", "dead"].map { state in
                        String(queue.depths.first { $0.kind == kind && $0.state == state }?.count ?? 0)
                    })
        }
        Console.print(String(table.render().dropLast()))
        if let due = queue.oldestDue {
            let seconds = Date().timeIntervalSince(due)
            Console.print(
                seconds > 0 ? "the oldest waits for \(Int(seconds)) s" : "the next is due in \(Int(-seconds)) s")
        }
        guard !queue.givenUp.isEmpty else { return }
        var given = TextTable(["JOB", "KIND", "ABOUT", "TRIED", "GIVEN UP BECAUSE"])
        for job in queue.givenUp {
            given.add([
                String(job.job), job.kind, job.subject ?? "-", String(job.attempts),
                UntrustedText(job.reason).display(limit: 200),
            ])
        }
        Console.print("\n" + String(given.render().dropLast()))
    }
}
