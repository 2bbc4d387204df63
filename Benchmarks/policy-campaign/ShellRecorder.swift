// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Asks real shells what they would execute: every program is a function, or a stub in PATH, that only writes down its
/// words.
final class ShellRecorder {
    /// One command that a shell would have run.
    typealias Words = [String]

    private let folder: URL
    private let functions: [String]

    /// Records calls of these programs.
    init(programs: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "policy-fuzz-\(UUID().uuidString)")
        let stubs = folder.appending(path: "bin")
        try FileManager.default.createDirectory(at: stubs, withIntermediateDirectories: true)
        let stub = folder.appending(path: "stub")
        let script = """
            #!/bin/sh
            printf '%s\\037' "${0##*/}" "$@" '\(Self.end)' >&3
            exit "$JARVIS_STATUS"

            """
        try Data(script.utf8).write(to: stub)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: stub.path())
        for program in programs + ["sudo"] {
            try FileManager.default.createSymbolicLink(at: stubs.appending(path: program), withDestinationURL: stub)
        }
        // dash takes only plain names for functions.
        functions = (programs + ["sudo"]).filter { name in
            !Self.untouchable.contains(name)
                && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
                && name.utf8.first.map { !(0x30...0x39).contains($0) } == true
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Words that the recorder itself needs, or that a shell keeps for itself.
    private static let untouchable: Set<String> = ["command", "type", "hash", "printf", "R"]
    /// Programs that shells have built in: a stub in PATH is never asked.
    private static let builtin: Set<String> = untouchable.union([
        "echo", "kill", "true", "false", "test", "pwd", "umask", "ulimit", "time", "wait", "jobs", "cd", "history",
    ])

    /// Ends a record.
    ///
    /// No line feed: bash would write at each, and the commands of a pipeline record at the same time.
    private static let end = "\u{1E}"

    /// Whether a stub in PATH can stand for this program.
    func hasStub(_ program: String) -> Bool { !program.contains("/") && !Self.builtin.contains(program) }

    /// Whether a function can stand for this program.
    func hasFunction(_ program: String) -> Bool { functions.contains(program) }

    /// What each text would run, when every command ends with `status`; through stubs in PATH instead of functions
    /// where asked.
    func record(_ texts: [String], shell: String, status: Int, byPath: Bool) throws -> [[Words]] {
        var script = ""
        if !byPath {
            script += "R() { command printf '%s\\037' \"$@\" '\(Self.end)' >&3; return \(status); }\n"
            for name in functions { script += "\(name)() { R \(name) \"$@\"; }\n" }
        }
        for (index, text) in texts.enumerated() {
            script += "command printf '%s\\037' '@\(index)' '\(Self.end)' >&3\n\(text)\n"
        }
        let input = folder.appending(path: "script")
        let output = folder.appending(path: "record")
        try Data(script.utf8).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: shell)
        process.arguments = ["-c", "exec 3>'\(output.path())'; . '\(input.path())'"]
        process.environment = [
            "PATH": byPath ? folder.appending(path: "bin").path() : folder.appending(path: "none").path(),
            "JARVIS_STATUS": "\(status)", "LC_ALL": "C",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try read(output, count: texts.count)
    }

    /// A record `@INDEX` begins those of a text.
    private func read(_ file: URL, count: Int) throws -> [[Words]] {
        var records = [[Words]](repeating: [], count: count)
        var current: Int?
        for record in try Data(contentsOf: file).split(separator: 0x1E) {
            var words = record.split(separator: 0x1F, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }[...]
            // What separates the end of the record before from this one, and the end of this one.
            if words.first?.isEmpty == true, current != nil { words.removeFirst() }
            if words.last?.isEmpty == true { words.removeLast() }
            guard let first = words.first else { continue }
            if first.first == "@", let index = Int(first.dropFirst()), records.indices.contains(index) {
                current = index
            } else if let current {
                records[current].append(Array(words))
            }
        }
        return records
    }
}
