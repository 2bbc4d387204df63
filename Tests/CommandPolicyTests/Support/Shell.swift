// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A real shell that a host's login could have.
enum Shell: String, CaseIterable, Sendable {
    case dash = "/usr/bin/dash"
    case bash = "/usr/bin/bash"
    case busybox = "/usr/bin/busybox"

    struct Ended {
        let status: Int32
        let standardOutput: [UInt8]
        let standardError: String

        /// What `printf '%s\0'` was given.
        var words: [String] {
            standardOutput.split(separator: 0, omittingEmptySubsequences: false).dropLast()
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    static var installed: [Shell] { allCases.filter { FileManager.default.isExecutableFile(atPath: $0.rawValue) } }

    /// Runs one line as `sshd` would: the login shell with `-c`.
    ///
    /// With `tools`, only the programs of that folder can be found.
    func run(_ line: String, tools: URL? = nil) throws -> Ended {
        let folder = try Scratch()
        let process = try start(line, in: folder, tools: tools)
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus,
            standardOutput: [UInt8](try Data(contentsOf: folder.url.appending(path: "out"))),
            standardError: try folder.standardError())
    }

    func start(_ line: String, in folder: Scratch, tools: URL? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: rawValue)
        process.arguments = (self == .busybox ? ["sh"] : []) + ["-c", line]
        process.environment = ["PATH": tools?.path() ?? "/usr/bin:/bin", "HOME": folder.url.path()]
        process.currentDirectoryURL = folder.url
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.writing("out")
        process.standardError = try folder.writing("err")
        // A child inherits the mask of the thread that starts it, and dispatch's threads block SIGTERM.
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
        return process
    }
}

/// A folder of one test, gone with it.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "jarvis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func writing(_ name: String) throws -> FileHandle {
        let file = url.appending(path: name)
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }

    func standardError() throws -> String {
        String(decoding: try Data(contentsOf: url.appending(path: "err")), as: UTF8.self)
    }

    /// The programs of an envelope as one BusyBox gives them, as on Alpine.
    func busyboxTools() throws -> URL {
        let tools = url.appending(path: "bin")
        try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
        for name in ["sh", "timeout", "date", "printf", "sleep", "true", "false"] {
            try FileManager.default.createSymbolicLink(
                at: tools.appending(path: name), withDestinationURL: URL(filePath: Shell.busybox.rawValue))
        }
        return tools
    }
}
