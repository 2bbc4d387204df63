// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Everything that the operator's files and environment say, checked together.
package struct OperatorSettings: Sendable {
    /// Where the file is looked for when none is named.
    package static let defaultFile = "jarvis.yaml"

    /// Everything that must be changed before Jarvis starts.
    package struct Faults: Error, CustomStringConvertible {
        /// In the order of the files.
        package let faults: [ConfigurationFault]

        /// One line for each fault.
        package var description: String { faults.map(\.description).joined(separator: "\n") }
    }

    /// The configuration.
    package let configuration: Configuration
    /// The patterns, shipped and own.
    package let patterns: PatternCatalog
    /// What commands are judged by.
    package let policy: Policy
    /// What is allowed but worth knowing.
    package let notes: [ConfigurationFault]

    /// Reads the file at `path`, or that `JARVIS_CONFIG` names; without one `jarvis.yaml` where it exists, else the environment alone.
    ///
    /// Throws every fault of configuration and patterns together.
    package static func load(path: String?, environment: [String: String]) throws(Faults) -> OperatorSettings {
        let reader = ConfigurationReader(environment: environment)
        let report: ConfigurationReport
        if let path = path ?? environment["JARVIS_CONFIG"], !path.isEmpty {
            report = reader.read(file: path)
        } else if access(defaultFile, F_OK) == 0 {
            report = reader.read(file: defaultFile)
        } else {
            report = reader.read([], name: "environment")
        }
        let patterns = PatternLoader().load(directory: report.configuration?.patternsDirectory)
        var faults = report.faults + patterns.faults
        if let catalog = patterns.catalog { faults += report.faults(against: catalog) }
        let policy = policy(for: report.configuration, &faults)
        guard faults.isEmpty, let policy, let configuration = report.configuration, let catalog = patterns.catalog
        else { throw Faults(faults: faults) }
        return OperatorSettings(
            configuration: configuration, patterns: catalog, policy: policy, notes: report.notes + patterns.notes)
    }

    /// Nothing at all may happen under a policy that could not be read.
    private static func policy(for configuration: Configuration?, _ faults: inout [ConfigurationFault]) -> Policy? {
        guard let configuration else { return nil }
        var file: (name: String, text: String)?
        if let path = configuration.policyFile {
            do throws(BoundedFile.ReadError) {
                let bytes = try BoundedFile.read(path, limit: 1 << 20).bytes
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .failed("it is not UTF-8")
                }
                file = (path, text)
            } catch {
                faults.append(
                    ConfigurationFault(
                        place: .file(name: path, mark: nil), keyPath: "policy.file", message: error.message))
                return nil
            }
        }
        do {
            return try PolicyBuilder.policy(for: configuration, file: file)
        } catch {
            faults.append(
                ConfigurationFault(
                    place: .file(name: error.table, mark: YAMLMark(line: error.line, column: 1)),
                    message: error.message))
            return nil
        }
    }
}
