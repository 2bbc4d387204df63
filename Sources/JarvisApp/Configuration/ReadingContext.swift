// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// What the readers of all sections need besides the tree.
struct ReadingContext {
    let collector: FaultCollector
    let environment: [String: String]
    /// Directory of the file, without trailing slash; relative paths in the file start there.
    let directory: String
    let readFile: ConfigurationReader.ReadFile

    /// A path of a file or directory: `~/` is the home directory, relative paths start at the configuration file, or
    /// at the process' directory when they come from the environment.
    var path: ValueForm<String> {
        let resolver = PathResolver(home: environment["HOME"], directory: directory)
        return ValueForm("a path") { (node) throws(ValueProblem) in
            guard let text = node.text else { throw .mismatch }
            guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else { throw .mismatch }
            return try resolver.resolve(text, from: node.origin)
        }
    }

    /// The data directory as far as it is not set: beside the file, as if `./data` stood in it.
    var standardDataDirectory: String { directory == "." ? "./data" : "\(directory)/data" }

    /// The operator's SSH configuration as far as it is not set: below the home directory, or none without one.
    var standardSSHConfiguration: String? { environment["HOME"].map { "\($0)/.ssh/config" } }

}

/// Where the paths of a configuration start.
private struct PathResolver {
    let home: String?
    let directory: String

    func resolve(_ text: String, from origin: YAMLNode.Origin) throws(ValueProblem) -> String {
        if text.hasPrefix("~/") {
            guard let home, !home.isEmpty else { throw .refused("'~' needs HOME to be set") }
            return home + text.dropFirst()
        }
        guard !text.hasPrefix("/"), case .file = origin, directory != "." else { return text }
        return "\(directory)/\(text.hasPrefix("./") ? String(text.dropFirst(2)) : text)"
    }
}
