// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Gathers everything that is wrong while reading goes on, so that a person sees all of it at once.
///
/// A class because many small readers write into one list; it lives within one synchronous read.
final class FaultCollector {
    /// The name of the file as the operator wrote it.
    let fileName: String
    private(set) var faults: Set<ConfigurationFault> = []
    private(set) var notes: Set<ConfigurationFault> = []
    /// The paths of all keys that a reader knows, for the test that holds the example to them.
    private(set) var knownKeys: Set<String> = []

    init(fileName: String) { self.fileName = fileName }

    func fault(_ message: String, at origin: YAMLNode.Origin, path: String = "", suggestion: String? = nil) {
        faults.insert(
            ConfigurationFault(place: place(origin), keyPath: path, message: message, suggestion: suggestion))
    }

    func note(_ message: String, at origin: YAMLNode.Origin, path: String = "") {
        notes.insert(ConfigurationFault(place: place(origin), keyPath: path, message: message))
    }

    func knows(_ path: String) { knownKeys.insert(path) }

    func fault(wholeFile message: String) {
        faults.insert(ConfigurationFault(place: .file(name: fileName, mark: nil), message: message))
    }

    func fault(_ error: YAMLError) { fault(error.message, at: .file(error.mark)) }

    /// How another place is named inside a message: `line 12` or the variable's name.
    func reference(_ origin: YAMLNode.Origin) -> String {
        switch origin {
        case .file(let mark): "line \(mark.line)"
        case .environment(let name): name
        }
    }

    /// The place of a value.
    func place(_ origin: YAMLNode.Origin) -> ConfigurationFault.Place {
        switch origin {
        case .file(let mark): .file(name: fileName, mark: mark)
        case .environment(let name): .environment(name)
        }
    }
}
