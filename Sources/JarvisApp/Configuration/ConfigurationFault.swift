// SPDX-License-Identifier: Apache-2.0

/// Something in the operator's files or environment that must be changed, or that they should know.
package struct ConfigurationFault: Sendable, Hashable, CustomStringConvertible {
    /// Where it is.
    package enum Place: Sendable, Hashable {
        /// In a file; nil: the file as a whole.
        case file(name: String, mark: YAMLMark?)
        /// In a variable of the environment.
        case environment(String)
    }

    /// Where it is.
    package let place: Place
    /// The key it is about, such as `hosts[0].address`; empty: none in particular.
    package let keyPath: String
    /// What is wrong, safe to show: secrets are never in it and values are bounded.
    package let message: String
    /// What was probably meant.
    package let suggestion: String?

    /// Describes a fault.
    package init(place: Place, keyPath: String = "", message: String, suggestion: String? = nil) {
        self.place = place
        self.keyPath = keyPath
        self.message = message
        self.suggestion = suggestion
    }

    /// One line: `jarvis.yaml:12:5: unknown key 'adress' in hosts[0]; did you mean 'address'?`.
    package var description: String {
        let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        return "\(place): \(keyPath.isEmpty ? "" : "\(keyPath): ")\(message)\(hint)"
    }
}

extension ConfigurationFault.Place: CustomStringConvertible {
    /// `jarvis.yaml:12:5` or `environment variable NAME`.
    package var description: String {
        switch self {
        case .file(let name, let mark?): "\(name):\(mark.line):\(mark.column)"
        case .file(let name, nil): name
        case .environment(let name): "environment variable \(name)"
        }
    }
}

extension ConfigurationFault: Comparable {
    /// Files by name and place, then the environment by name: the order in which a person reads and mends them.
    package static func < (left: Self, right: Self) -> Bool {
        let (first, second) = (left.place.sortKey, right.place.sortKey)
        return first == second ? left.description < right.description : first < second
    }
}

extension ConfigurationFault.Place {
    fileprivate var sortKey: (Int, String, YAMLMark) {
        switch self {
        case .file(let name, let mark): (0, name, mark ?? YAMLMark(line: 0, column: 0))
        case .environment(let name): (1, name, YAMLMark(line: 0, column: 0))
        }
    }
}
