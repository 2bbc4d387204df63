// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore

@testable import JarvisPostgres

/// A real PostgreSQL server with files of its own, on a socket in a temporary directory and on no port.
///
/// It ends with this process, however that ends, because a shell waits for the end of its standard input.
final class PostgresServer: Sendable {
    /// Everything of it.
    let directory: String
    private let options: [String]
    private let shell: Locked<(process: Process, input: FileHandle)?>

    /// The server that most tests share.
    ///
    /// The tests share it all at once, with several connections for each.
    static let shared = Task { try await PostgresServer(options: ["max_connections=500"]) }

    /// Makes and starts a server; `options` are settings such as `max_connections=5`.
    init(options: [String] = []) async throws {
        var template = Array("/tmp/jarvis-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ServerFailure(what: "no temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.options = options
        shell = Locked(nil)
        if let user = Self.user, geteuid() == 0 { chown(directory, user.id, user.group) }
        try await Self.run(
            Self.asUser([
                Self.program("initdb"), "--auth=trust", "--no-sync", "--username=jarvis", "--locale=C",
                "--encoding=UTF8", "--pgdata=\(directory)/data",
            ]))
        try await start()
    }

    deinit { shell.value.map { try? $0.input.close() } }

    /// The address of a database.
    func url(_ database: String) -> String { "host=\(directory) user=jarvis dbname=\(database)" }

    /// Starts it; returns when it answers.
    func start() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let script = """
            directory=$1; shift
            "$@" </dev/null >>"$directory/log" 2>&1 & server=$!
            echo $server >"$directory/pid"
            read -r word
            kill -QUIT $server 2>/dev/null
            while [ -e "$directory/data/postmaster.pid" ]; do sleep 0.02; done
            [ "$word" = keep ] || rm -rf "$directory"
            """
        // Not safe over a power cut, but over every way to kill the server: the files outlive it.
        let settings = [
            "listen_addresses=", "unix_socket_directories=\(directory)", "fsync=off", "shared_buffers=16MB",
        ]
        process.arguments =
            ["-c", script, "sh", directory]
            + Self.asUser(
                [Self.program("postgres"), "-D", "\(directory)/data"]
                    + (settings + options).flatMap { ["-c", $0] })
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        shell.set((process, input.fileHandleForWriting))
        for _ in 0..<500 {
            if (try? PostgresConnection.open(PostgresSettings(url: url("postgres")))) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        let log = (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? ""
        throw ServerFailure(what: "PostgreSQL does not answer: \(log.suffix(500))")
    }

    /// Kills it without a word, as a crash does; its files stay.
    func kill() throws {
        guard let text = try? String(contentsOfFile: directory + "/pid", encoding: .utf8),
            let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), let shell = shell.value
        else { throw ServerFailure(what: "no process to kill") }
        // The immediate shutdown, which is a crash for every connection and for the files.
        Glibc.kill(pid, SIGQUIT)
        try shell.input.write(contentsOf: Data("keep\n".utf8))
        shell.process.waitUntilExit()
        self.shell.set(nil)
    }

    /// Sends a signal to every process that serves a connection.
    func signalBackends(_ signal: Int32) async throws {
        let pids = try PostgresConnection.open(PostgresSettings(url: url("postgres"))).rows(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ) { row throws(StoreError) in try row.integer(0) }
        for pid in pids { Glibc.kill(Int32(pid), signal) }
    }

    /// Runs one statement as psql does.
    func psql(_ sql: String, database: String = "postgres") async throws {
        try await Self.run([
            Self.program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", directory, "-U", "jarvis", "-d", database,
            "-c", sql,
        ])
    }

    private static let user: (name: String, id: uid_t, group: gid_t)? = {
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) { return (name, entry.pointee.pw_uid, entry.pointee.pw_gid) }
        }
        return nil
    }()

    /// The server refuses to run as root.
    private static func asUser(_ command: [String]) -> [String] {
        guard geteuid() == 0, let user else { return command }
        return ["setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--clear-groups"] + command
    }

    /// The newest one that Debian installed, which is not in the path; else the one in the path.
    private static func program(_ name: String) -> String {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let paths = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin/\(name)" }
        return paths.first { FileManager.default.isExecutableFile(atPath: $0) } ?? name
    }

    private static func run(_ command: [String]) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else {
            let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            throw ServerFailure(what: "\(command.joined(separator: " ")): \(text)")
        }
    }
}

/// Why there is no server.
struct ServerFailure: Error { let what: String }
