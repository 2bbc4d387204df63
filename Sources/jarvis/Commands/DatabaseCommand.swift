// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Look whether the database is whole.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check pages, indexes, references, the audit log and every incident; change nothing.",
            discussion: """
                Reads the data directory itself, while the server runs or not, and holds up nobody. The last line is
                db: schema=N bytes=N wal=N free=N audit_records=N faults=N. Kinds of fault:
                  pages       the file is no database, or pages or indexes of it are damaged
                  schema      it is another program's, or a newer version's
                  references  something is about an incident or a delivery that is not there
                  audit       the audit log is not what was written (jarvis audit verify says more)
                  values      an incident can't be read

                With damaged pages: stop the server and put a backup back (jarvis restore). See docs/OPERATE.md.

                Exit codes: 0 whole, 1 it has faults, 2 it can't be checked.
                """)
        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Leave out indexes and single incidents, for large databases.") var quick = false
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            let data = try options.load().configuration.dataDirectory
            let check: DatabaseCheck
            do {
                check = try DatabaseCheck.run(in: data, isQuick: quick)
            } catch {
                Console.report("jarvis: \(error)")
                throw ExitCode.misconfigured
            }
            if json { Console.print(try JSONLine.of(check)) } else { show(check) }
            guard check.faults.isEmpty else { throw ExitCode.negative }
        }

        private func show(_ check: DatabaseCheck) {
            var table = TextTable(["TABLE", "ROWS"])
            for (name, count) in check.rows.sorted(by: { $0.key < $1.key }) { table.add([name, String(count)]) }
            if !check.rows.isEmpty { Console.print(table.render()) }
            for fault in check.faults { Console.print("\(fault.kind): \(fault.text)") }
            Console.print(
                "db: schema=\(check.schema) bytes=\(check.bytes) wal=\(check.walBytes) free=\(check.freeBytes) "
                    + "audit_records=\(check.auditRecords) faults=\(check.faults.count)")
        }
    }
}
