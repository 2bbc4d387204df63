// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that a test runs as an ordinary process and ends by its pid.
final class Program: Sendable {
    struct Missing: Error { let name: String }

    let pid: Int32
    let output: String

    /// Starts a program found in PATH (or by its path), its output going to a file.
    init(_ name: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
        guard let path = Self.path(of: name) else { throw Missing(name: name) }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder].merging(environment) { $1 }
        output = "\(folder)/\(URL(filePath: path).lastPathComponent)-\(UUID().uuidString.prefix(8)).log"
        try Data().write(to: URL(filePath: output))
        let log = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardOutput = log
        process.standardError = log
        process.standardInput = FileHandle.nullDevice
        try process.run()
        pid = process.processIdentifier
    }

    var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    var isRunning: Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return !stat.contains(") Z ")
    }

    func end(_ signal: Int32 = SIGTERM) { kill(pid, signal) }

    static func path(of name: String) -> String? {
        if name.hasPrefix("/") { return name }
        return ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The product, built beside the tests.
    static var jarvis: String { product("jarvis") }

    /// The guard, built beside the tests.
    static var guardProgram: String { product("jarvis-guard") }

    private static func product(_ name: String) -> String {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let here = Bundle.allBundles.compactMap { bundle in
            let folder = bundle.bundleURL.deletingLastPathComponent().path()
            return FileManager.default.isExecutableFile(atPath: folder + name) ? folder + name : nil
        }.first
        return here ?? (tests.map { URL(filePath: $0).deletingLastPathComponent().path() } ?? "./") + name
    }
}

/// A folder that is gone after its test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/jarvis-it-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }
}
