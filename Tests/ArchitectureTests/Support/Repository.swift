// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of this checkout, found from where this file lies.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    struct SwiftFile {
        /// From the root: `Sources/JarvisCore/RFC3339.swift`.
        let path: String
        let lines: [Substring]

        /// The folder under `Sources` or `Tests`: the target.
        var target: String { String(path.split(separator: "/")[1]) }

        /// The lines without what follows `//`, numbered from 1, empty ones left out.
        var code: [(number: Int, text: Substring)] {
            lines.enumerated().compactMap { index, line in
                let text = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
                return text.allSatisfy(\.isWhitespace) ? nil : (index + 1, text)
            }
        }
    }

    /// Every Swift file under a folder of the root, in the order of their paths.
    static func swiftFiles(under folder: String) throws -> [SwiftFile] {
        let start = root.appending(path: folder)
        let found = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
        return try (found?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { url in
                let text = try String(contentsOf: url, encoding: .utf8)
                let path = String(url.path().dropFirst(root.path().count).drop { $0 == "/" })
                return SwiftFile(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
            .sorted { $0.path < $1.path }
    }

    /// What the manifest declares, as SwiftPM itself understands it.
    ///
    /// `dump-package` only reads the manifest, so it does not wait for the build that runs these tests; its scratch
    /// folder is a temporary one all the same.
    static func manifest() throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "jarvis-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", root.path(), "--scratch-path", scratch.path(), "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let json = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Manifest.self, from: json)
    }
}

/// The part of `swift package dump-package` that says which target may see which.
struct Manifest: Decodable {
    struct Target: Decodable {
        let name: String
        let type: String
        let path: String?
        let dependencies: [Dependency]
    }

    /// `{"byName": ["JarvisCore", null]}` or `{"product": ["NIOCore", "swift-nio", null, null]}`.
    struct Dependency: Decodable {
        let name: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let fields = try container.decode([String: [Field]].self)
            guard case .name(let name)? = fields.values.first?.first else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "a dependency of a new form")
            }
            self.name = name
        }
    }

    /// Only names count; the rest (nulls, conditions) is skipped.
    enum Field: Decodable {
        case name(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = (try? container.decode(String.self)).map(Field.name) ?? .other
        }
    }

    let targets: [Target]
}
