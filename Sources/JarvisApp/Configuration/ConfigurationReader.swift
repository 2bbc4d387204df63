// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Reads configuration from one YAML file, the environment and the files of secrets.
///
/// Everything that is wrong is reported together. Nothing is read later: what the report holds is final.
package struct ConfigurationReader: Sendable {
    /// Reads a file of at most so many bytes.
    package typealias ReadFile = @Sendable (_ path: String, _ limit: Int) throws(BoundedFile.ReadError) -> BoundedFile

    private let environment: [String: String]
    private let readFile: ReadFile

    /// Prepares to read with these variables; the process' own environment is never looked at.
    package init(environment: [String: String], readFile: @escaping ReadFile = BoundedFile.read) {
        self.environment = environment
        self.readFile = readFile
    }

    /// Reads the file at a path; an absent or unusable file is a fault.
    package func read(file path: String) -> ConfigurationReport {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "" : String(path[..<$0]) } ?? "."
        do {
            let file = try readFile(path, YAMLDocument.Limits().bytes)
            return read(file.bytes, name: path, directory: directory)
        } catch {
            let collector = FaultCollector(fileName: path)
            collector.fault(wholeFile: error.message)
            return ConfigurationReport(Configuration(), patternReferences: [], collector: collector)
        }
    }

    /// Reads a text; no bytes at all give the defaults and what the environment sets.
    ///
    /// - Parameters:
    ///   - name: what faults call the file.
    ///   - directory: where relative paths in the text start.
    package func read(_ bytes: [UInt8], name: String = "jarvis.yaml", directory: String = ".") -> ConfigurationReport {
        let collector = FaultCollector(fileName: name)
        let context = ReadingContext(
            collector: collector, environment: environment, directory: directory, readFile: readFile)
        var configuration = Configuration()
        var references: [PatternReference] = []
        do {
            let file = try YAMLDocument(bytes).root
            let tree = EnvironmentOverlay(environment: environment).applied(to: file, collector: collector)
            if let root = SectionReader(tree, path: "", collector: collector) {
                (configuration, references) = Self.read(root, context: context)
            }
        } catch {
            collector.fault(error)
        }
        return ConfigurationReport(configuration, patternReferences: references, collector: collector)
    }

    /// Reads a whole tree; what could not be used has left its faults in the context's collector.
    @discardableResult
    static func read(_ root: SectionReader, context: ReadingContext) -> (Configuration, [PatternReference]) {
        var configuration = Configuration()
        SettingsReader(context: context).read(root, into: &configuration)
        let inventory = InventoryReader(context: context).read(root)
        configuration.inventory = inventory.inventory
        if configuration.databaseURL != nil, inventory.inventory.hosts[.local]?.targets.isEmpty == false {
            // Whichever instance is free would act on its own machine.
            root.fault(
                "instances that share a database have no host 'local' in common: reach it over SSH, under a name of its own",
                key: "hosts")
        }
        if let repair = configuration.databaseRepair { DatabaseRepairReader.check(repair, inventory, root) }
        let (autonomy, references) = AutonomyReader(inventory: inventory).read(root)
        configuration.autonomy = autonomy
        root.finish()
        return (configuration, references)
    }
}
