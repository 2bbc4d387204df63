// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check and export the log of everything that was done and decided.",
        discussion: """
            Every record carries the hash of the one before it. Keep heads (jarvis audit head) on another machine: with \
            one, verify also finds a tail that was cut off and a log that was written anew. The log is read from the \
            data directory or the database, whether the server runs or not.
            """, subcommands: [Verify.self, Head.self, Export.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether the log is as it was written, else where it breaks and how.",
            discussion: """
                Prints one line: audit: records=N chain=ok head=ok (head=none where none was given: a tail that was cut \
                off is not seen then). A broken log gives chain=broken, with sequence= and fault=, one of:
                  edited      the record there, or its hash, is not the one that was written
                  gap         the record there is missing
                  reordered   the record that belongs there stands elsewhere
                  cut         the log ends before the head, or an export has none
                  replaced    the record there is another one than the head was signed for
                  signature   the head was not signed with the key
                  unreadable  that line of the export is none

                Exit codes: 0 whole, 1 broken, 2 it can't be checked.
                """)
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "A head, or an export that ends with one: the log must hold what it was signed for.")
        var head: String?
        @Option(help: "Check this export instead of the database; - is standard input.") var file: String?
        @Option(help: "The key that heads must be signed with, in base64 (default: the data directory's).")
        var publicKey: String?
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            let report = try await AuditCommand.reporting {
                let head = try head.map { try AuditFiles.head(of: $0) }
                guard let file else { return try await database(options).verify(head: head, publicKey: publicKey) }
                var verification = try AuditVerification(
                    head: head, publicKey: publicKey ?? (try? AuditKey(in: directory(options)).publicKey))
                return try verification.check(export: try AuditFiles.lines(of: file))
            }
            Console.print(json ? try AuditFiles.json(report) : report.line)
            guard let fault = report.fault else { return }
            Console.report("jarvis: \(fault)")
            throw ExitCode.negative
        }
    }

    struct Head: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the signed head: how many records there are, and the last one's hash.",
            discussion: """
                One line of JSON, to be kept on another machine. The log is checked first; a broken one is not signed.
                """)
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let line = try await AuditCommand.reporting {
                try AuditLine.head(await database(options).head(now: Date())).bytes()
            }
            Console.print(String(decoding: line, as: UTF8.self))
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every record as a line of JSON, and last the signed head.",
            discussion: """
                A record's line is {"sequence":N,"hash":"…","record":{…}}. The log is checked as it is read: at a break \
                the export ends with exit code 1 and without a head.
                """)
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "Only what follows this record; the first line then says what the rest goes on from.")
        var sinceSequence: Int64 = 0
        @Option(help: "Write this file (mode 0600), in one step once it is whole, instead of standard output.")
        var output: String?

        func validate() throws {
            guard sinceSequence >= 0 else { throw ValidationError("--since-sequence is 0 or more") }
        }

        func run() async throws {
            try await AuditCommand.reporting {
                let log = try database(options)
                guard let output else {
                    try await log.export(after: sinceSequence, now: Date()) {
                        Console.print(String(decoding: $0, as: UTF8.self))
                    }
                    return
                }
                let file = try ExportFile(output)
                try await log.export(after: sinceSequence, now: Date()) { try file.write($0) }
                try file.keep()
            }
        }
    }

    /// Turns what went wrong into a sentence and an exit code.
    fileprivate static func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let fault as AuditFault {
            Console.report("jarvis: \(fault)")
            throw ExitCode.negative
        } catch let code as ExitCode {
            throw code
        } catch {
            Console.report("jarvis: \(error)")
            throw ExitCode.misconfigured
        }
    }
}

private func directory(_ options: ConfigurationOptions) throws -> String {
    try options.load().configuration.dataDirectory
}

private func database(_ options: ConfigurationOptions) throws -> AuditDatabase {
    try AuditDatabase(options.load().configuration)
}
