// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Brings together the shipped patterns and those of the operator's directory.
package struct PatternLoader: Sendable {
    private static let fileLimit = 1_048_576

    /// Prepares to load.
    package init() {}

    /// Name and text of the files that are compiled in.
    package static var shippedFiles: [(name: String, text: String)] {
        ShippedPatterns.files.map { ($0.name, String(decoding: $0.text.bytes, as: UTF8.self)) }
    }

    /// The shipped patterns alone.
    package func shipped() -> PatternReport {
        var reading = Reading()
        let patterns = ShippedPatterns.files.flatMap { reading.patterns(in: $0.text.bytes, name: $0.name) }
        return PatternReport(PatternCatalog(patterns), faults: reading.faults, notes: reading.notes)
    }

    /// The shipped patterns with those of a directory over them; nil: the shipped ones alone.
    ///
    /// Reads the directory's `*.yaml` and `*.yml` in the order of their names, no hidden files and no directories
    /// below. That the directory can't be listed is a fault: who names one means it.
    package func load(directory: String?) -> PatternReport {
        let shipped = shipped()
        guard let directory, let base = shipped.catalog else { return shipped }
        var reading = Reading()
        var own: [Pattern] = []
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            where !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) {
                own += file("\(directory)/\(name)", &reading)
            }
        } catch {
            reading.fault("the directory of patterns can't be read", file: directory)
        }
        let known = Set(base.patterns.map(\.id))
        for pattern in own where known.contains(pattern.id) {
            reading.note("'\(pattern.id)' takes the place of the shipped pattern", id: pattern.id)
        }
        return PatternReport(base.overlaid(with: own), faults: reading.faults, notes: reading.notes)
    }

    /// Reads the text of one file, as `patterns test FILE` needs it.
    package func read(_ bytes: [UInt8], name: String) -> PatternReport {
        var reading = Reading()
        let patterns = reading.patterns(in: bytes, name: name)
        return PatternReport(PatternCatalog(patterns), faults: reading.faults, notes: reading.notes)
    }

    private func file(_ path: String, _ reading: inout Reading) -> [Pattern] {
        do {
            return reading.patterns(in: try BoundedFile.read(path, limit: Self.fileLimit).bytes, name: path)
        } catch {
            reading.fault(error.message, file: path)
            return []
        }
    }
}

/// One pass over several files, across which ids must be unique.
private struct Reading {
    private(set) var faults: Set<ConfigurationFault> = []
    private(set) var notes: Set<ConfigurationFault> = []
    private var places: [String: ConfigurationFault.Place] = [:]

    mutating func patterns(in bytes: [UInt8], name: String) -> [Pattern] {
        let collector = FaultCollector(fileName: name)
        defer {
            faults.formUnion(collector.faults)
            notes.formUnion(collector.notes)
        }
        do {
            let tree = try YAMLDocument(bytes).root
            guard let root = SectionReader(tree, path: "", collector: collector) else { return [] }
            let items = root.items("patterns")
            root.finish()
            return items.compactMap { pattern($0.node, path: $0.path, collector) }
        } catch {
            collector.fault(error)
            return []
        }
    }

    private mutating func pattern(_ node: YAMLNode, path: String, _ collector: FaultCollector) -> Pattern? {
        guard let section = SectionReader(node, path: path, collector: collector),
            let pattern = PatternReader(section: section).read()
        else { return nil }
        if let first = places[pattern.id] {
            section.fault("pattern '\(pattern.id)' is there twice; see \(first)", key: "id")
            return nil
        }
        places[pattern.id] = collector.place(section.node("id")?.origin ?? node.origin)
        return pattern
    }

    mutating func fault(_ message: String, file: String) {
        faults.insert(ConfigurationFault(place: .file(name: file, mark: nil), message: message))
    }

    mutating func note(_ message: String, id: String) {
        guard let place = places[id] else { return }
        notes.insert(ConfigurationFault(place: place, message: message))
    }
}

extension StaticString {
    /// The text's UTF-8 bytes.
    fileprivate var bytes: [UInt8] { withUTF8Buffer { Array($0) } }
}
