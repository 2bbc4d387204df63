// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Look after the database.", subcommands: [Check.self, Adopt.self])

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
            let data = try options.loadForFile().configuration.dataDirectory
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

    struct Adopt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take over a PostgreSQL database that was put back to an earlier state or moved.",
            discussion: """
                Instances do not start on such a database by themselves, because what was done since would be done
                again. Stop all of them first. Guards then refuse what earlier instances may still send, plans that
                were ready are dropped and their incidents looked at anew, a step that had begun is watched, never
                repeated, and changes are paused everywhere until `jarvis resume`. See docs/POSTGRES.md.

                Exit codes: 0 done, 2 it can't be done now.
                """)
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            do {
                let done = try await Adoption(settings: try options.load())
                    .run(by: ProcessInfo.processInfo.userName, now: Date())
                Console.print("adopt: ok epoch=\(done.epoch) open_incidents=\(done.openIncidents)")
                Console.print(
                    "changes are paused everywhere: start the instances, look at `jarvis incidents --open` and")
                Console.print("`jarvis autonomy`, then `jarvis resume`")
            } catch let code as ExitCode {
                throw code
            } catch {
                Console.report("jarvis: \(error)")
                throw ExitCode.misconfigured
            }
        }
    }
}
